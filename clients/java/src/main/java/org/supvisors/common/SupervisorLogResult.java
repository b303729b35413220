package org.supvisors.common;

/** A piece of the end of a log. */
public class SupervisorLogResult extends Structure {

    private final String bytes;
    private final Integer offset;
    private final Boolean overflow;

    /**
     * Reads the answer as it is received from XML-RPC.
     *
     * @param result the text, the offset and the overflow flag
     */
    public SupervisorLogResult(Object[] result) {
        this(StructReader.ofItems(result, "bytes", "offset", "overflow"));
    }

    private SupervisorLogResult(StructReader reader) {
        super(reader);
        bytes = reader.text("bytes");
        offset = reader.integer("offset");
        overflow = reader.flag("overflow");
    }

    /** {@return the text of the log} */
    public String getBytes() {
        return bytes;
    }

    /** {@return the offset in the log to ask for next, in bytes} */
    public Integer getOffset() {
        return offset;
    }

    /** {@return true if the log holds more than was asked for} */
    public Boolean getOverflow() {
        return overflow;
    }
}
