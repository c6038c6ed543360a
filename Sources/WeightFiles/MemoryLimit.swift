// SPDX-License-Identifier: Apache-2.0
import Foundation

/// How much memory the process may use.
enum MemoryLimit {
    /// Bytes: what the machine has, or less where a control group of the process says less.
    static let bytes: UInt64 = {
        let groups = (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? ""
        return files(groups: groups).compactMap(read).reduce(
            ProcessInfo.processInfo.physicalMemory, min)
    }()

    /// The files that hold the limits of the groups and of those above them, by the lines
    /// `NUMBER:CONTROLLERS:PATH` of `/proc/self/cgroup` (cgroups(7)).
    static func files(groups: String) -> [String] {
        groups.split(separator: "\n").flatMap { line -> [String] in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return [] }
            let (top, name): (String, String)
            if fields[1].isEmpty {
                (top, name) = ("/sys/fs/cgroup", "memory.max")
            } else if fields[1].split(separator: ",").contains("memory") {
                (top, name) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            } else {
                return []
            }
            var path = top
            var files = ["\(path)/\(name)"]
            for part in fields[2].split(separator: "/") where part != ".." {
                path += "/\(part)"
                files.append("\(path)/\(name)")
            }
            return files
        }
    }

    /// A limit, or nil where there is none (`max`) or no such file.
    private static func read(_ file: String) -> UInt64? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        return UInt64(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
