// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import ResultStore

/// `shokenctl show`: one recorded document with its findings marked in the text.
struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a recorded document with its findings marked.",
        discussion: """
            The document is named by its number in the database, its key, or its sender's identifier; of \
            several versions the current one is shown.

            In the text, [disease:発熱] is a mention; what the patient does not have now, or not for certain, \
            has a sign before it: - denied, ? suspected, * general or somebody else's, < past, > planned. On a \
            terminal mentions are coloured. Below stand the sections, the findings, and TNM with its evidence, adverse events and \
            similar documents where there are any. With --json: {"document","text","sections","entities",\
            "tnm","tnm_evidence","adverse_events","adverse_event_pairs","similar"}; offsets are Unicode \
            scalars of the text.

            Examples:
              shokenctl show 12
              shokenctl show --plain 12 | less
              shokenctl show 12 --json
            """)

    @Argument(help: "Number, key, or sender's identifier of the document.")
    var document: String

    @Flag(help: "Mark mentions by brackets on a terminal, too.")
    var plain = false

    @OptionGroup var common: CommonOptions

    func run() throws {
        let reader = try ResultReader(file: common.databaseFile())
        let found = try reader.onlyDocument(named: document)
        if common.json { return try printJSON(found) }
        let isTerminal = isatty(STDOUT_FILENO) == 1
        print(
            DocumentSheet(
                of: found, isColoured: isTerminal && !plain, isTerminal: isTerminal
            ).text)
    }
}

extension ResultReader {
    /// The one document that a number, key or identifier means; throws `CommandFailure` for none or several.
    func onlyDocument(named name: String) throws -> ShownDocument {
        let row = try onlyRow(named: name)
        guard let found = try document(row) else {
            throw CommandFailure(.tryAgain, "document \(row) was removed meanwhile")
        }
        return found
    }

    /// The number of that document.
    func onlyRow(named name: String) throws -> Int64 {
        let rows = try documents(named: name)
        guard let row = rows.first else {
            throw CommandFailure(.noInput, "no document has this number, key or identifier")
        }
        guard rows.count == 1 else {
            let numbers = rows.map(String.init).joined(separator: ", ")
            throw CommandFailure(.usage, "several documents are named so; say which: \(numbers)")
        }
        return row
    }
}
