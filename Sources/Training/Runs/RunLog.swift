// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import JSONFiles
import RowFiles

/// One line of a run's log.
package enum LogLine: Hashable, Sendable {
    /// A step.
    case step(StepReport)
    /// A validation.
    case validation(ValidationReport)
    /// Something else.
    case notice(RunNotice)
}

extension LogLine: Codable {
    private enum Key: String, CodingKey { case kind }

    /// Reads an object whose `kind` says which of the three it is.
    package init(from decoder: any Decoder) throws {
        let kind = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .kind)
        switch kind {
        case "step": self = .step(try StepReport(from: decoder))
        case "validation": self = .validation(try ValidationReport(from: decoder))
        default: self = .notice(try RunNotice(from: decoder))
        }
    }

    /// Writes the object.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .step(let report):
            try container.encode("step", forKey: .kind)
            try report.encode(to: encoder)
        case .validation(let report):
            try container.encode("validation", forKey: .kind)
            try report.encode(to: encoder)
        case .notice(let notice):
            try container.encode("event", forKey: .kind)
            try notice.encode(to: encoder)
        }
    }
}

/// The log of a run: one JSON object a line, appended to, cut back when a run goes on.
package final class RunLog {
    /// Largest log that is read, in bytes.
    private static let byteLimit = 4 << 30

    private let file: AppendedFile
    private let encoder = JSONEncoder.sorted()

    /// Opens the log, or makes it.
    package init(_ url: URL) throws {
        file = try AppendedFile(FilePath(url))
    }

    /// Bytes so far.
    package var size: Int { file.size }

    /// Appends a line.
    package func append(_ line: LogLine) throws {
        try file.append(encoder.encode(line) + Data("\n".utf8))
    }

    /// Returns when all lines have reached the disk.
    package func flush() throws { try file.flush() }

    /// Takes away what was logged after a checkpoint and will be done again.
    ///
    /// What happened to processes (`start`, `resume`, `stop`, …) stays; steps, validations and going
    /// back come again. A log that is shorter than `length` is left as it is.
    package func cut(to length: Int) throws {
        guard length <= file.size else { return }
        let rest = try file.content(from: length, maximumBytes: Self.byteLimit)
        let kept = Self.lines(of: rest).filter { line in
            guard case .notice(let notice) = line else { return false }
            return Self.happenedToProcesses.contains(notice.event)
        }
        try file.cut(to: length)
        for line in kept { try append(line) }
    }

    private static let happenedToProcesses: Set<RunNotice.Event> = [
        .start, .resume, .stop, .end, .unwritten, .damagedCheckpoint, .reportUnwritten,
    ]

    /// All lines of a log; what is no line of a log, as one cut short by a crash, is left out.
    ///
    /// Throws `FileError` where the file cannot be read.
    package static func read(_ url: URL) throws -> [LogLine] {
        lines(of: try DiskFiles().read(FilePath(url), maximumBytes: byteLimit))
    }

    private static func lines(of content: Data) -> [LogLine] {
        let decoder = JSONDecoder()
        return NumberedLines(content).compactMap {
            try? decoder.decode(LogLine.self, from: $0.bytes)
        }
    }
}
