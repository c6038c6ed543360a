// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Exports
import Foundation
import ResultStore

/// Exports that go on where the last one of their name ended.
struct IncrementalExport: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Only documents that were recorded since the last export of this name; removed.csv lists \
            those of before that are not current any more.
            """, valueName: "name"))
    var sinceExport: String?

    func validate() throws {
        guard let sinceExport else { return }
        guard !sinceExport.isEmpty, sinceExport.unicodeScalars.count <= 100 else {
            throw ValidationError("--since-export is a name of at most 100 characters")
        }
    }

    /// The selection, from where the last export of the name ended.
    func narrowed(
        _ selection: DocumentSelection, _ reader: ResultReader
    ) throws -> DocumentSelection {
        guard let sinceExport else { return selection }
        var selection = selection
        selection.after = try reader.lastDocument(ofExport: sinceExport) ?? 0
        return selection
    }

    /// Writes the list of documents that are not current any more.
    func writeRemoved(_ pass: DocumentPass, in folder: PendingFolder) throws {
        guard sinceExport != nil else { return }
        let file = try folder.file("removed.csv")
        try file.append("document_id\n" + pass.removed.map { "\($0)\n" }.joined())
        try file.place(replacing: false)
    }

    /// Says how far this export has come, once it is in its place: after a crash before that, the next one
    /// brings these documents again.
    func finish(_ pass: DocumentPass, _ common: CommonOptions) throws {
        guard let sinceExport else { return }
        try ResultDatabase(file: common.databaseFile()).noteExport(
            of: sinceExport, lastDocument: pass.lastDocument, at: Date())
    }
}
