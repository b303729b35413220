"""The Java example of the documentation, as it is written there but for the address, compiled and run."""
from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import interop_jvm
import pytest

from supvisors.demo import LocalCluster
from tests.cluster.layouts import PASSWORD, USER

pytestmark = [pytest.mark.live, pytest.mark.xdist_group('interop')]

EXAMPLE = """
import org.supvisors.rpc.*;

public class Example {
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
"""


def test_example(shared: LocalCluster, tmp_path: Path) -> None:
    assert (USER, PASSWORD) == ('toto', 'p@$$w0rd')
    java = shutil.which('java')
    assert java, 'java not found: install a JDK 17 or later'
    daemon = shared['sv02']
    source = tmp_path / 'Example.java'
    source.write_text(EXAMPLE.replace('"10.0.0.1", 60000', f'"127.0.0.1", {daemon.port}'))
    done = subprocess.run([java, '-Xmx64m', '-cp', os.pathsep.join(interop_jvm.class_path()), str(source)],
                          capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    state, status = done.stdout.splitlines()
    assert 'RUNNING' in state
    assert 'OPERATION' in status
    assert daemon.identifier in status
