// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One open conversion of glibc to UTF-8 (man iconv(3)).
struct CharacterSetConversion: ~Copyable {
    private let descriptor: iconv_t

    /// nil if this machine lacks the encoding's module.
    init?(from name: String) {
        guard let descriptor = iconv_open("UTF-8", name), Int(bitPattern: descriptor) != -1 else {
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { iconv_close(descriptor) }

    /// The text in UTF-8, or the offset of the first byte that is not valid or not complete.
    func converted(_ bytes: [UInt8]) -> (utf8: [UInt8], failure: Int?) {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count * 2)
        var consumed = 0
        // iconv does not write to its input, though its signature says so.
        let failure: Int? = bytes.withUnsafeBytes { input -> Int? in
            withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 1) { piece -> Int? in
                var next = UnsafeMutablePointer(
                    mutating: input.bindMemory(to: CChar.self).baseAddress)
                while consumed < bytes.count {
                    var left = bytes.count - consumed
                    var target = piece.bindMemory(to: CChar.self).baseAddress
                    var room = piece.count
                    let status = iconv(descriptor, &next, &left, &target, &room)
                    let code = errno
                    output.append(contentsOf: piece[..<(piece.count - room)])
                    consumed = bytes.count - left
                    // (size_t)-1 is Int -1 here; E2BIG only says that the piece is full.
                    if status == -1, code != E2BIG { return consumed }
                }
                return nil
            }
        }
        return (output, failure)
    }
}
