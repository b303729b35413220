package org.supvisors.testing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Takes what one class logs, at all levels, instead of the console, until it is closed. */
public final class LogCapture implements AutoCloseable {

    public final List<LogRecord> records = new CopyOnWriteArrayList<>();

    private final Logger logger;
    private final Level level;
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            records.add(record);
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing to release
        }
    };

    public LogCapture(Class<?> type) {
        logger = Logger.getLogger(type.getName());
        level = logger.getLevel();
        logger.setUseParentHandlers(false);
        logger.setLevel(Level.ALL);
        logger.addHandler(handler);
    }

    /** The records of one level. */
    public List<LogRecord> at(Level wanted) {
        return records.stream().filter(record -> record.getLevel() == wanted).toList();
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setLevel(level);
        logger.setUseParentHandlers(true);
    }
}
