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
            loaded and no text is shown, but titles of sections are. With --json, prints one object a \
            file: {"file","format","encoding","documents":[{"place","line","format","kind","id","key",\
            "version","status","replaces","patient_id","authored_at","authored_utc",\
            "authored_precision","characters","sections":[{"title","code","start","end"}],\
            "attachments":[{"type","title","bytes","sha256","refusal"}],"notices"}],\
            "faults":[{"place","line","code","reason"}],"passed_over","notices"}; passed over are \
            records without narrative, such as laboratory results. Exit code 65 if a file or a record \
            of it would be refused.

            Examples:
              shokenctl intake --kind radiology report.txt
              shokenctl intake --json export.jsonl message.hl7 bundle.json
            """)

    @Option(help: "Kind of documents that do not say it: \(DocumentKind.listed).")
    var kind: DocumentKind = .nursing

    @Argument(help: "Files.")
    var files: [String]

    @OptionGroup var common: CommonOptions

    func run() throws {
        let reader = try common.settings().documentReader
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
                    "\(contents.paddingBytes) NUL bytes around the text are left out")
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
    struct Section: Encodable {
        let title: String
        let code: String?
        let start: Int
        let end: Int
    }

    struct Attachment: Encodable {
        let type: String
        let title: String?
        let bytes: Int?
        let sha256: String?
        let refusal: String?
    }

    struct Document: Encodable {
        let place: String?
        let line: Int?
        let format: SourceFormat
        let kind: String
        let id: String?
        let key: String?
        let version: String?
        let status: SenderStatus
        let replaces: String?
        let patientID: String?
        let authoredAt: String?
        let authoredUTC: String?
        let authoredPrecision: String?
        let characters: Int
        let sections: [Section]
        let attachments: [Attachment]
        let notices: [String]

        enum CodingKeys: String, CodingKey {
            case place, line, format, kind, id, key, version, status, replaces, characters, sections
            case attachments, notices
            case patientID = "patient_id"
            case authoredAt = "authored_at"
            case authoredUTC = "authored_utc"
            case authoredPrecision = "authored_precision"
        }

        init(_ document: ClinicalDocument, at place: RecordPlace?, line: Int?) {
            let source = document.source
            self.place = place?.words
            self.line = line
            format = source.format
            kind = document.kind.rawValue
            id = document.externalIdentifier
            key = source.key
            version = source.version
            status = source.status
            replaces = source.replaces
            patientID = document.patientIdentifier
            authoredAt = document.authoredAt
            let authored = document.authoredAt.flatMap { StatedTime($0) }
            authoredUTC = authored?.utc
            authoredPrecision = authored?.precision.rawValue
            characters = document.text.unicodeScalars.count
            sections = source.sections.map {
                Section(
                    title: $0.title, code: $0.code, start: $0.range.start, end: $0.range.end)
            }
            attachments = source.attachments.map {
                Attachment(
                    type: $0.mediaType, title: $0.title, bytes: $0.byteCount, sha256: $0.sha256,
                    refusal: $0.refusal)
            }
            notices = source.notices
        }

        /// What is said of it for people, its sections and attachments on lines of their own.
        var lines: [String] {
            var words = [kind, "\(characters) characters"]
            if let id { words.append("id \(id)") }
            if let version { words.append("version \(version)") }
            if status != .unknown { words.append(status.rawValue) }
            if let replaces { words.append("replaces \(replaces)") }
            if let patientID { words.append("patient \(patientID)") }
            if let authoredAt {
                let instant = authoredUTC.map { "\($0), \(authoredPrecision ?? "")" }
                words.append("written \(authoredAt) (\(instant ?? "no time"))")
            }
            var lines = [(place.map { "\($0): " } ?? "") + words.joined(separator: ", ")]
            if let key { lines.append("  key \(key)") }
            lines += sections.map { section in
                "  section \(section.title)" + (section.code.map { " (\($0))" } ?? "")
                    + ": \(section.start)–\(section.end)"
            }
            lines += attachments.map { attachment in
                "  attachment " + attachment.type
                    + (attachment.bytes.map { ", \($0) bytes" } ?? "")
                    + (attachment.refusal.map { ": \($0)" } ?? "")
            }
            return lines + notices.map { "  " + $0 }
        }
    }

    struct Fault: Encodable {
        var place: String?
        var line: Int?
        let code: String
        let reason: String
    }

    let file: String
    var format: String
    var encoding: String?
    var documents: [Document] = []
    var faults: [Fault] = []
    var passedOver = 0
    var notices: [String] = []

    enum CodingKeys: String, CodingKey {
        case file, format, encoding, documents, faults, notices
        case passedOver = "passed_over"
    }

    mutating func append(_ entry: ReadDocument) {
        switch entry.result {
        case .success(let document):
            encoding = document.encoding
            if document.source.format != .text { format = document.source.format.title }
            if let time = document.authoredAt, StatedTime(time) == nil {
                notices.append(
                    (entry.place.map { "\($0.words): " } ?? "") + "authored_at is no time")
            }
            documents.append(Document(document, at: entry.place, line: entry.line))
        case .failure(let error) where error.isPassedOver:
            passedOver += 1
        case .failure(let error):
            format = error.format ?? format
            faults.append(
                Fault(
                    place: entry.place?.words, line: entry.line, code: error.code,
                    reason: error.explanation))
        }
    }

    /// The account for people.
    var lines: String {
        let outcome =
            documents.isEmpty && passedOver == 0
            ? "refused"
            : "\(documents.count) document\(documents.count == 1 ? "" : "s")"
                + (faults.isEmpty ? "" : ", \(faults.count) at fault")
                + (passedOver == 0 ? "" : ", \(passedOver) without narrative passed over")
        var lines = ["\(file): \(outcome) (" + format + (encoding.map { ", \($0)" } ?? "") + ")"]
        for document in documents { lines += document.lines.map { "  " + $0 } }
        lines += faults.map { "  FAULT \($0.code): \($0.reason)" }
        lines += notices.map { "  \($0)" }
        return lines.joined(separator: "\n")
    }
}
