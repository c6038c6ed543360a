// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A private folder (mode 0700) in which a dictionary is compiled; it goes with its owner.
struct CompilerFolder: ~Copyable {
    private let path: String
    /// The compiler's source.
    let source: String
    /// What the compiler writes.
    let output: String

    /// Throws `MorphologyError.temporaryFolder`.
    init() throws(MorphologyError) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/shoken-dictionary-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw .temporaryFolder(path: base, errno: errno) }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        source = path + "/terms.csv"
        output = path + "/terms.dic"
    }

    deinit {
        unlink(source)
        unlink(output)
        rmdir(path)
    }

    /// Writes the compiler's source.
    func write(_ lines: [String]) throws(MorphologyError) {
        let descriptor = open(source, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .temporaryFolder(path: path, errno: errno) }
        defer { close(descriptor) }
        var pending: [UInt8] = []
        for (index, line) in lines.enumerated() {
            pending += line.utf8
            guard pending.count >= 1 << 20 || index == lines.count - 1 else { continue }
            var written = 0
            while written < pending.count {
                let count = pending.withUnsafeBytes { bytes in
                    Glibc.write(
                        descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw .temporaryFolder(path: path, errno: errno) }
                written += count
            }
            pending.removeAll(keepingCapacity: true)
        }
    }

    /// The compiled dictionary, checked: the compiler does not notice a full disk.
    func compiled(words: Int) throws(MorphologyError) -> [UInt8] {
        let dictionary = try CompiledDictionary(path: output, kind: .user)
        try dictionary.checkContents()
        guard dictionary.tokenCount == words else {
            throw .malformedDictionary(
                path: output, field: "lexsize", found: dictionary.tokenCount)
        }
        let file = try MappedFile(path: output, mostBytes: CompiledDictionary.mostBytes)
        return file.withBytes { Array($0) }
    }
}
