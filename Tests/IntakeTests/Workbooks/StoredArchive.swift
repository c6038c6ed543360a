// SPDX-License-Identifier: Apache-2.0

/// A zip archive of files that are stored as they are, for tests.
struct StoredArchive {
    private var local: [UInt8] = []
    private var directory: [UInt8] = []
    private var count = 0

    /// An archive of files by their names.
    init(_ files: [(name: String, content: [UInt8])]) {
        for file in files { add(file.name, file.content) }
    }

    /// Adds a file; `flags` of 1 says that it is encrypted, `mode` is that of Unix.
    mutating func add(_ name: String, _ content: [UInt8], flags: Int = 0x800, mode: Int = 0o100644)
    {
        let header =
            Self.number(20, 2) + Self.number(flags, 2) + Self.number(0, 2) + Self.number(0, 4)
            + Self.number(Self.checksum(content), 4) + Self.number(content.count, 4)
            + Self.number(content.count, 4) + Self.number(name.utf8.count, 2) + Self.number(0, 2)
        directory +=
            [0x50, 0x4B, 1, 2] + Self.number(0x314, 2) + header + Self.number(0, 2)
            + Self.number(0, 2) + Self.number(0, 2) + Self.number(mode << 16, 4)
            + Self.number(local.count, 4) + Array(name.utf8)
        local += [0x50, 0x4B, 3, 4] + header + Array(name.utf8) + content
        count += 1
    }

    /// The archive.
    var bytes: [UInt8] {
        local + directory + [0x50, 0x4B, 5, 6] + Self.number(0, 4) + Self.number(count, 2)
            + Self.number(count, 2) + Self.number(directory.count, 4) + Self.number(local.count, 4)
            + Self.number(0, 2)
    }

    private static func number(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func checksum(_ content: [UInt8]) -> Int {
        var sum: UInt32 = 0xFFFF_FFFF
        for byte in content {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return Int(~sum)
    }
}
