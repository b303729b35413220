package org.supvisors.common;

import java.util.HashMap;

/** The names of one Supvisors instance; both are null when there is no instance, as for the Master before an election. */
public class SupvisorsIdentifier extends Structure {

    private final String identifier;
    private final String nickIdentifier;

    /**
     * Reads the structure as it is received from XML-RPC.
     *
     * @param struct the received structure
     */
    public SupvisorsIdentifier(HashMap<?, ?> struct) {
        this(new StructReader(struct));
    }

    /**
     * Names an instance.
     *
     * @param identifier {@code host_id:http_port}
     * @param nickIdentifier the nick name, or a copy of the identifier if there is none
     */
    public SupvisorsIdentifier(String identifier, String nickIdentifier) {
        this(names(identifier, nickIdentifier));
    }

    private SupvisorsIdentifier(StructReader reader) {
        super(reader);
        identifier = reader.text("identifier");
        nickIdentifier = reader.text("nick_identifier");
    }

    /** {@return {@code <nick>identifier}, the identifier alone if there is no other nick name, or an empty text if there is no instance} */
    public String getName() {
        if (identifier == null) {
            return "";
        }
        boolean named = nickIdentifier != null && !nickIdentifier.isEmpty() && !nickIdentifier.equals(identifier);
        return named ? "<" + nickIdentifier + ">" + identifier : identifier;
    }

    /** {@return the identifier of the instance, {@code host_id:http_port}; null if there is no instance} */
    public String getIdentifier() {
        return identifier;
    }

    /** {@return the nick name of the instance, or a copy of its identifier if it has none; null if there is no instance} */
    public String getNickIdentifier() {
        return nickIdentifier;
    }

    private static HashMap<String, String> names(String identifier, String nickIdentifier) {
        HashMap<String, String> names = new HashMap<>();
        names.put("identifier", identifier);
        names.put("nick_identifier", nickIdentifier);
        return names;
    }
}
