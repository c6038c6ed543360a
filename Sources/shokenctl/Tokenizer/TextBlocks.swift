// SPDX-License-Identifier: Apache-2.0
import Faults
import Foundation

/// A stretch of whole lines of a text file.
struct TextBlock: Sendable {
    let bytes: [UInt8]
    let file: String
    /// Number of its first line in the file, from 1.
    let firstLine: Int

    /// The block as a string; throws naming the line that is no UTF-8 or holds a NUL byte.
    func text() throws -> String {
        try checkNUL()
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        var line = firstLine
        for part in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
            guard String(validating: part, as: UTF8.self) != nil else { break }
            line += 1
        }
        throw CommandFailure(
            .badData,
            "\(file): line \(line) is no valid UTF-8; convert the file first, as with iconv")
    }

    /// Checks the bytes as `text` does.
    func check() throws { _ = try text() }

    private func checkNUL() throws {
        guard let place = bytes.firstIndex(of: 0) else { return }
        let line = firstLine + bytes[..<place].count(where: { $0 == 0x0A })
        throw CommandFailure(
            .badData,
            "\(file): line \(line) holds a NUL byte, so this is no text file")
    }
}

/// Reads files one after another in blocks of whole lines, never more than a few MiB at a time.
struct TextBlockReader {
    /// Bytes of a block, before the rest of its last line.
    private static let blockBytes = 256 << 10
    /// A longer line is cut after a space or 。, or anywhere between two characters.
    private static let lineBytes = 1 << 20

    /// Bytes of all files.
    let totalBytes: Int
    private var files: ArraySlice<String>
    private var name = ""
    private var handle: FileHandle?
    private var buffer: [UInt8] = []
    private var line = 1

    init(_ files: [String]) throws {
        totalBytes = try files.reduce(0) { try $0 + Self.size(of: $1) }
        self.files = files[...]
    }

    /// The next block, or nil at the end of the last file.
    mutating func next() throws -> TextBlock? {
        while true {
            if handle == nil {
                guard let name = files.popFirst() else { return nil }
                handle = try Self.open(name)
                (self.name, buffer, line) = (name, [], 1)
            }
            if let block = try nextOfFile() { return block }
            try? handle?.close()
            handle = nil
        }
    }

    private mutating func nextOfFile() throws -> TextBlock? {
        var searched = 0
        while true {
            if buffer.count >= Self.blockBytes {
                if let end = buffer[searched...].lastIndex(of: 0x0A) { return take(end + 1) }
                searched = buffer.count
                if buffer.count >= Self.lineBytes { return take(Self.cut(buffer)) }
            }
            guard let data = try read(), !data.isEmpty else {
                return buffer.isEmpty ? nil : take(buffer.count)
            }
            buffer.append(contentsOf: data)
        }
    }

    private mutating func take(_ count: Int) -> TextBlock {
        let block = TextBlock(bytes: Array(buffer[..<count]), file: name, firstLine: line)
        line += block.bytes.count(where: { $0 == 0x0A })
        buffer.removeFirst(count)
        return block
    }

    private func read() throws -> Data? {
        do {
            return try handle?.read(upToCount: Self.blockBytes)
        } catch {
            throw CommandFailure(.inputOutput(mayPass: false), "\(name): cannot be read")
        }
    }

    /// Where a line without end is cut: the bytes of the first part.
    private static func cut(_ line: [UInt8]) -> Int {
        let half = line.count / 2
        let stop: [UInt8] = [0xE3, 0x80, 0x82]  // 。
        for end in stride(from: line.count, to: half, by: -1) {
            if line[end - 1] == 0x20 || line[end - 3..<end].elementsEqual(stop) { return end }
        }
        // Not before a byte that continues a character; four of them in a row are no UTF-8.
        for end in stride(from: line.count - 1, to: line.count - 5, by: -1)
        where !UTF8.isContinuation(line[end]) {
            return end
        }
        return line.count
    }

    private static func size(of file: String) throws -> Int {
        let facts = try? FileManager.default.attributesOfItem(
            atPath: URL(filePath: file).resolvingSymlinksInPath().path)
        guard let size = facts?[.size] as? Int else { throw missing(file) }
        return size
    }

    private static func open(_ file: String) throws -> FileHandle {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: file, isDirectory: &isDirectory),
            !isDirectory.boolValue, let handle = FileHandle(forReadingAtPath: file)
        else { throw missing(file) }
        return handle
    }

    private static func missing(_ file: String) -> CommandFailure {
        CommandFailure(
            .noInput, "\(file): no such file, or no right to read it")
    }
}
