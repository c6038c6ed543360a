// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ClinicalTypes
import Configuration
import DurableFiles
import Faults
import Foundation
import Intake

/// `shokenctl intake`: what would become of files in the spool; nothing is recorded.
struct IntakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "intake",
        abstract: "Show what would become of files, without recording anything.",
        discussion: """
            Reads files by the rules and within the limits of the daemon, and tells for each its \
            format, its encoding, the documents that it gives, and what is at fault. No model is \
            loaded and no text is shown. With --json, prints one object a file: \
            {"file","format","encoding","documents":[{"line","kind","id","patient_id","authored_at",\
            "authored_utc","authored_precision","characters"}],"faults":[{"line","code","reason"}],\
            "notices"}. Exit code 65 if a file or a record of it would be refused.

            Examples:
              shokenctl intake --kind radiology report.txt
              shokenctl intake --json export.jsonl
            """)

    @Option(help: "Kind of documents that do not say it: \(DocumentKind.listed).")
    var kind: DocumentKind = .nursing

    @Argument(help: "Files.")
    var files: [String]

    @OptionGroup var common: CommonOptions

    func run() throws {
        let reader = DocumentReader(limits: try common.settings().intakeLimits)
        var isFaulty = false
        for file in files {
            let account = try account(of: file, by: reader)
            if common.json { try printJSON(account) } else { print(account.lines) }
            isFaulty = isFaulty || !account.faults.isEmpty
        }
        if isFaulty { throw ExitCode(Disposition.badData) }
    }

    private func account(of file: String, by reader: DocumentReader) throws -> FileAccount {
        var account = FileAccount(file: file, format: DocumentFormat(fileName: file).title)
        let data: Data
        do {
            data = try DiskFiles().read(
                FilePath(file), maximumBytes: reader.limits.maximumBytes)
        } catch {
            guard error.symbol == "EFBIG" else { throw error }
            account.faults.append(
                FileAccount.Fault(
                    code: "too-large",
                    reason: "the file is larger than \(reader.limits.maximumBytes) bytes "
                        + "(spool.maximum_document_bytes)"))
            return account
        }
        do throws(IntakeError) {
            let contents = try reader.contents(of: data, fileName: file, kind: kind)
            if contents.paddingBytes > 0 {
                account.notices.append(
                    "\(contents.paddingBytes) NUL bytes behind the text are left out")
            }
            for entry in contents.entries { account.append(entry) }
        } catch {
            account.format = error.format ?? account.format
            account.faults.append(FileAccount.Fault(code: error.code, reason: error.explanation))
        }
        return account
    }
}

/// What would become of one file.
private struct FileAccount: Encodable {
    struct Document: Encodable {
        let line: Int?
        let kind: String
        let id: String?
        let patientID: String?
        let authoredAt: String?
        let authoredUTC: String?
        let authoredPrecision: String?
        let characters: Int

        enum CodingKeys: String, CodingKey {
            case line, kind, id, characters
            case patientID = "patient_id"
            case authoredAt = "authored_at"
            case authoredUTC = "authored_utc"
            case authoredPrecision = "authored_precision"
        }

        init(_ document: ClinicalDocument, line: Int?) {
            self.line = line
            kind = document.kind.rawValue
            id = document.externalIdentifier
            patientID = document.patientIdentifier
            authoredAt = document.authoredAt
            let authored = document.authoredAt.flatMap { StatedTime($0) }
            authoredUTC = authored?.utc
            authoredPrecision = authored?.precision.rawValue
            characters = document.text.unicodeScalars.count
        }

        var words: String {
            var words = [kind, "\(characters) characters"]
            if let id { words.append("id \(id)") }
            if let patientID { words.append("patient \(patientID)") }
            if let authoredAt {
                let instant = authoredUTC.map { "\($0), \(authoredPrecision ?? "")" }
                words.append("written \(authoredAt) (\(instant ?? "no time"))")
            }
            return words.joined(separator: ", ")
        }
    }

    struct Fault: Encodable {
        var line: Int?
        let code: String
        let reason: String
    }

    let file: String
    var format: String
    var encoding: String?
    var documents: [Document] = []
    var faults: [Fault] = []
    var notices: [String] = []

    mutating func append(_ entry: ReadDocument) {
        switch entry.result {
        case .success(let document):
            encoding = document.encoding
            if let time = document.authoredAt, StatedTime(time) == nil {
                notices.append(
                    (entry.line.map { "line \($0): " } ?? "") + "authored_at is no time")
            }
            documents.append(Document(document, line: entry.line))
        case .failure(let error):
            faults.append(
                Fault(line: entry.line, code: error.code, reason: error.explanation))
        }
    }

    /// The account for people.
    var lines: String {
        let outcome =
            documents.isEmpty
            ? "refused"
            : "\(documents.count) document\(documents.count == 1 ? "" : "s")"
                + (faults.isEmpty ? "" : ", \(faults.count) at fault")
        var lines = ["\(file): \(outcome) (" + format + (encoding.map { ", \($0)" } ?? "") + ")"]
        for document in documents {
            lines.append(
                "  " + (document.line.map { "line \($0): " } ?? "") + document.words)
        }
        lines += faults.map { "  FAULT \($0.code): \($0.reason)" }
        lines += notices.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}
