package example;

import org.supvisors.rpc.*;

/** The example of the documentation of Supvisors, as it is written there. */
final class SeedExample {

    private SeedExample() {
    }

    public static void main(String[] args) throws Exception {
        // create proxy
        SupervisorXmlRpcClient client = new SupervisorXmlRpcClient("10.0.0.1", 60000, "toto", "p@$$w0rd");
        // Supervisor XML-RPC
        SupervisorXmlRpc supervisor = new SupervisorXmlRpc(client);
        System.out.println(supervisor.getState());
        // Supvisors XML-RPC
        SupvisorsXmlRpc supvisors = new SupvisorsXmlRpc(client);
        System.out.println(supvisors.getSupvisorsState());
    }
}
