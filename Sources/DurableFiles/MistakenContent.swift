// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What lies in a file's place that is no file of any kind that was meant, as its first bytes show.
package enum MistakenContent: String, Hashable, Sendable, CaseIterable {
    /// Nothing at all.
    case empty
    /// A page of a web server, as for a link that leads nowhere or wants a login.
    case html
    /// The few lines that Git LFS keeps in place of a large file.
    case gitLFS
    /// An archive, or a file of PyTorch's, which is one.
    case zip

    /// How many bytes of a file tell.
    package static let bytes = 256

    /// Judges the first ``bytes`` of a file; nil where they are none of these.
    package init?(beginning: some Collection<UInt8>) {
        if beginning.isEmpty {
            self = .empty
            return
        }
        let start = Array(beginning.prefix(Self.bytes))
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = .zip
            return
        }
        if start.starts(with: "version https://git-lfs.github.com/".utf8) {
            self = .gitLFS
            return
        }
        let text = String(decoding: start.drop { $0 <= 0x20 }, as: UTF8.self).lowercased()
        guard text.hasPrefix("<!doctype html") || text.hasPrefix("<html") else { return nil }
        self = .html
    }

    /// Looks at a file; nil where it is none of these, or cannot be read.
    package init?(file: FilePath) {
        guard let descriptor = try? Descriptor.regularFile(file) else { return nil }
        var start = [UInt8](repeating: 0, count: Self.bytes)
        let count = start.withUnsafeMutableBytes { buffer in
            retryingInterrupted { Glibc.read(descriptor.number, buffer.baseAddress, buffer.count) }
        }
        guard count >= 0 else { return nil }
        self.init(beginning: start.prefix(count))
    }

    /// What the file is, and what to do, to stand behind its name.
    package var explanation: String {
        switch self {
        case .empty: "is empty; copy or download it again"
        case .html:
            "is a web page (HTML), as a server sends it for an error or a login; download the file itself"
        case .gitLFS:
            "is a pointer of Git LFS and not the file itself; fetch that by git lfs pull where the "
                + "repository was cloned, or download it"
        case .zip:
            "is a zip archive; unpack it, or if it is a checkpoint of PyTorch's, convert it to safetensors "
                + "where you trust it"
        }
    }
}
