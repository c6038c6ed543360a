// SPDX-License-Identifier: Apache-2.0
package import DurableFiles
package import Faults
import Foundation
import RowFiles

/// Texts with the answers that every model of a site should give.
package struct GoldenSet: Sendable {
    /// What a golden set is called in a bundle.
    package static let fileName = "golden.jsonl"
    private static let maximumBytes = 64 << 20

    /// The rows, each text of a kind once.
    package private(set) var rows: [GoldenRow] = []

    /// No rows.
    package init() {}

    /// Adds the rows of a file; of one text and kind the first row counts. Throws ``GoldenSetError``.
    package mutating func add(_ file: FilePath, name: String) throws(GoldenSetError) {
        let content: Data
        do throws(FileError) {
            content = try DiskFiles().read(file, maximumBytes: Self.maximumBytes)
        } catch {
            throw .file(error)
        }
        let decoder = JSONDecoder()
        for line in NumberedLines(content) {
            let row: GoldenRow
            do {
                row = try decoder.decode(GoldenRow.self, from: line.bytes)
            } catch {
                throw .malformed(
                    file: name, line: line.number, detail: Self.detail(of: error))
            }
            if !rows.contains(where: { $0.text == row.text && $0.kind == row.kind }) {
                rows.append(row)
            }
        }
    }

    /// What is wrong with a row, without its text.
    private static func detail(of error: any Error) -> String {
        func path(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let names = (context.codingPath + (last.map { [$0] } ?? [])).map { key in
                key.intValue.map { "[\($0)]" } ?? key.stringValue
            }
            return names.joined(separator: ".")
        }
        return switch error as? DecodingError {
        case .keyNotFound(let key, let context): "\(path(context, key)) is missing"
        case .typeMismatch(_, let context): "\(path(context)) has the wrong type"
        case .valueNotFound(_, let context): "\(path(context)) is null"
        case .dataCorrupted(let context) where context.codingPath.isEmpty: "it is no JSON object"
        case .dataCorrupted(let context): "\(path(context)): \(context.debugDescription)"
        default: "it cannot be read"
        }
    }
}

/// Why a golden set cannot be used.
package enum GoldenSetError: Hashable, Error, Explained {
    /// A line is no row.
    case malformed(file: String, line: Int, detail: String)
    /// The file cannot be read.
    case file(FileError)

    /// The file with the line, and what is wrong there.
    package var explanation: String {
        switch self {
        case .malformed(let file, let line, let detail): "\(file), line \(line): \(detail)"
        case .file(let error): error.explanation
        }
    }

    /// The file is at fault, or cannot be read.
    package var disposition: Disposition {
        switch self {
        case .malformed: .badData
        case .file(let error): error.disposition
        }
    }
}
