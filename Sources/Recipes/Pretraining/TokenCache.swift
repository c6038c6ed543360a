// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation

/// Tokenised documents in a file, so that a run reads its text only once.
///
/// Little-endian: the eight bytes `SHKNTOK1`, the number of documents (8 bytes), the length of each
/// (4 bytes), then all ids (4 bytes each).
enum TokenCache {
    private static let mark = Array("SHKNTOK1".utf8)
    /// Largest cache that is read, in bytes.
    private static let byteLimit = 16 << 30

    static func write(_ documents: [[Int32]], to file: FilePath) throws {
        var bytes = mark
        bytes.reserveCapacity(16 + documents.reduce(0) { $0 + 4 + 4 * $1.count })
        append(UInt64(documents.count), 8, to: &bytes)
        for document in documents { append(UInt64(document.count), 4, to: &bytes) }
        for document in documents {
            for id in document { append(UInt64(UInt32(bitPattern: id)), 4, to: &bytes) }
        }
        try DiskFiles().write(Data(bytes), to: file)
    }

    /// Reads a cache; throws ``RecipeError/tokenCache(file:offset:)`` where it is damaged or an id
    /// is not below `vocabulary`.
    static func read(_ file: FilePath, vocabulary: Int) throws -> [[Int32]] {
        let bytes = [UInt8](try DiskFiles().read(file, maximumBytes: byteLimit))
        func refuse(_ offset: Int) -> RecipeError {
            .tokenCache(file: file.description, offset: offset)
        }
        guard bytes.count >= 16, Array(bytes[..<8]) == mark else { throw refuse(0) }
        let count = number(bytes, at: 8, 8)
        guard count <= UInt64((bytes.count - 16) / 4) else { throw refuse(8) }
        var lengths: [Int] = []
        lengths.reserveCapacity(Int(count))
        for index in 0..<Int(count) { lengths.append(Int(number(bytes, at: 16 + 4 * index, 4))) }
        var offset = 16 + 4 * Int(count)
        guard lengths.reduce(0, +) == (bytes.count - offset) / 4, (bytes.count - offset) % 4 == 0
        else { throw refuse(16) }
        return try lengths.map { length in
            try (0..<length).map { _ in
                let id = number(bytes, at: offset, 4)
                guard id < UInt64(vocabulary) else { throw refuse(offset) }
                offset += 4
                return Int32(id)
            }
        }
    }

    private static func append(_ number: UInt64, _ width: Int, to bytes: inout [UInt8]) {
        for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }

    private static func number(_ bytes: [UInt8], at offset: Int, _ width: Int) -> UInt64 {
        var result: UInt64 = 0
        for place in 0..<width { result |= UInt64(bytes[offset + place]) << (8 * place) }
        return result
    }
}
