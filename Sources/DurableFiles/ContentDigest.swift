// SPDX-License-Identifier: Apache-2.0
import CCrypto
package import Foundation
import Glibc

/// The SHA-256 of some content: the identity of a document and of every file of a bundle.
package struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
    /// The 32 bytes of the digest.
    package let bytes: [UInt8]

    fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

    /// The digest of bytes in memory.
    package init(of content: some ContiguousBytes) {
        let running = RunningDigest()
        content.withUnsafeBytes { running.update($0) }
        bytes = running.finish()
    }

    /// The digest of a regular file, read in pieces of 1 MiB; links are not followed.
    package init(ofFile path: FilePath) throws(FileError) {
        let file = try Descriptor.regularFile(path)
        let running = RunningDigest()
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = piece.withUnsafeMutableBytes { buffer in
                retryingInterrupted { Glibc.read(file.number, buffer.baseAddress, buffer.count) }
            }
            guard count >= 0 else { throw FileError(.read, path) }
            if count == 0 { break }
            piece.withUnsafeBytes { running.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
        bytes = running.finish()
    }

    /// The digest in 64 lower-case hexadecimal digits.
    package var hexadecimal: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The same as ``hexadecimal``.
    package var description: String { hexadecimal }
}

/// A SHA-256 in progress, of bytes that come piece by piece: owns one OpenSSL context.
///
/// OpenSSL refuses here only when it has no memory or no SHA-256 at all (EVP_DigestInit(3)); no input
/// brings that about, so it is a precondition and not an error.
package struct RunningDigest: ~Copyable {
    private let context: OpaquePointer

    /// A digest of nothing so far.
    package init() {
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1
        else { preconditionFailure("OpenSSL offers no SHA-256") }
        self.context = context
    }

    fileprivate borrowing func update(_ content: UnsafeRawBufferPointer) {
        let result = EVP_DigestUpdate(context, content.baseAddress, content.count)
        precondition(result == 1, "OpenSSL refused to continue a SHA-256")
    }

    /// Goes on with bytes that come now.
    package borrowing func update(_ content: [UInt8]) {
        content.withUnsafeBytes { update($0) }
    }

    /// The digest of all that came.
    package consuming func finished() -> ContentDigest { ContentDigest(bytes: finish()) }

    fileprivate consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let result = EVP_DigestFinal_ex(context, &digest, nil)
        precondition(result == 1, "OpenSSL refused to finish a SHA-256")
        return digest
    }

    deinit { EVP_MD_CTX_free(context) }
}
