// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import WeightFiles

@Suite struct MemoryLimitTests {
    @Test("limits are looked for in a process's groups and in those above them, of either kind")
    func findsGroups() {
        #expect(
            MemoryLimit.files(groups: "4:memory:/jobs/one\n3:cpu,cpuacct:/\n0::/system.slice\n")
                == [
                    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                    "/sys/fs/cgroup/memory/jobs/memory.limit_in_bytes",
                    "/sys/fs/cgroup/memory/jobs/one/memory.limit_in_bytes",
                    "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/system.slice/memory.max",
                ])
        #expect(MemoryLimit.files(groups: "nonsense\n").isEmpty)
        #expect(MemoryLimit.bytes > 0)
    }
}
