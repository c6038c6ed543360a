// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JSONFiles

/// The folder in which a run keeps what is not finished: shards of what was read, with what is needed to
/// compare them, and how far each stage is. Each file is written as a whole.
struct WorkFiles: Sendable {
    let folder: FilePath
    private static let byteLimit = 1 << 40

    /// What there is of a shard.
    enum Part: String {
        case documents, signatures, bands, sentences
    }

    func shard(_ number: Int, _ part: Part) -> FilePath {
        folder.appending("read-\(Self.digits(number)).\(part.rawValue)")
    }

    /// A number as names of files have it, so that they sort.
    static func digits(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    func write(_ bytes: [UInt8], to path: FilePath) throws {
        try DiskFiles().write(Data(bytes), to: path)
    }

    func read(_ path: FilePath) throws -> [UInt8] {
        [UInt8](try DiskFiles().read(path, maximumBytes: Self.byteLimit))
    }

    func write(_ value: some Encodable, to name: String) throws {
        try DiskFiles().write(JSONEncoder.sorted().encode(value), to: folder.appending(name))
    }

    /// A value that was written; nil where there is none.
    func value<Value: Decodable>(_ type: Value.Type, in name: String) throws -> Value? {
        let path = folder.appending(name)
        guard try DiskFiles().facts(of: path) != nil else { return nil }
        let content = try DiskFiles().read(path, maximumBytes: Self.byteLimit)
        guard let value = try? JSONDecoder().decode(type, from: content) else {
            throw CurationError.damaged(file: path.description)
        }
        return value
    }

    /// Removes everything, the folder too.
    func removeAll() throws {
        guard try DiskFiles().facts(of: folder) != nil else { return }
        for name in try DiskFiles().names(in: folder) {
            try DiskFiles().remove(folder.appending(name))
        }
        try DiskFiles().removeDirectory(folder)
    }
}

extension [UInt8] {
    /// Adds a number in little-endian order.
    mutating func append<Number: FixedWidthInteger & UnsignedInteger>(number: Number) {
        for place in 0..<Number.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: number >> (8 * Number(place))))
        }
    }
}

/// Reads numbers and bytes from front to back.
struct WorkCursor {
    private let bytes: [UInt8]
    private let file: String
    private var index = 0

    init(_ bytes: [UInt8], file: FilePath) {
        (self.bytes, self.file) = (bytes, file.description)
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(
        _ type: Number.Type
    ) throws -> Number {
        let width = Number.bitWidth / 8
        guard index + width <= bytes.count else { throw CurationError.damaged(file: file) }
        var number: Number = 0
        for place in 0..<width {
            number |= Number(truncatingIfNeeded: bytes[index + place]) << (8 * Number(place))
        }
        index += width
        return number
    }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        guard index + count <= bytes.count else { throw CurationError.damaged(file: file) }
        defer { index += count }
        return Array(bytes[index..<index + count])
    }
}
