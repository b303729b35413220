package org.supvisors.common;

/** Log levels of Supvisors. */
public enum LoggerLevels {
    BLATHER(3),
    TRACE(5),
    DEBUG(10),
    INFO(20),
    WARN(30),
    ERROR(40),
    CRITICAL(50);

    private final int levelCode;

    LoggerLevels(int levelCode) {
        this.levelCode = levelCode;
    }

    /** {@return the code of the level, in [3;50]} */
    public int getLevelCode() {
        return levelCode;
    }
}
