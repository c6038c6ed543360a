// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
package import ClinicalTypes
import DurableFiles
import Faults
import Foundation
package import Intake
package import ResultStore
package import Spool

/// Takes claimed files through decoding, analysis and the model, and commits what was found.
package struct ClinicalProcessor: DocumentProcessor {
    let model: ModelSlot
    let database: ResultDatabase
    private let intake: DocumentReader
    private let journal: RecordJournal?
    let candidateLimit: Int
    /// How many earlier documents each one is compared with.
    package static let usualCandidates = 5
    /// Held from the comparison to the write: what another lane records in between would void it.
    let recordingTurn = NSLock()
    /// How often files are compared anew because another program wrote in between.
    private static let mostComparisons = 3
    let plan: @Sendable (DocumentKind) -> Set<ClinicalTask>
    private let shadow: ShadowLane?
    private let notify: @Sendable (DaemonEvent) -> Void
    private let times = ProcessingTimes()
    private let profiles = DatabaseProfiles()

    /// A processor; `candidateLimit` bounds how many earlier documents each one is compared with.
    ///
    /// What is recorded is written down in `journal` first, from which the database can be made anew. `shadow` gets
    /// documents once they are recorded. What
    /// is to be said of a file that is read all the same goes to `notify`.
    package init(
        model: ModelSlot, database: ResultDatabase, intake: DocumentReader,
        journal: RecordJournal? = nil, shadow: ShadowLane? = nil,
        candidateLimit: Int = ClinicalProcessor.usualCandidates,
        plan: @escaping @Sendable (DocumentKind) -> Set<ClinicalTask>,
        notify: @escaping @Sendable (DaemonEvent) -> Void = { _ in }
    ) {
        self.notify = notify
        self.model = model
        self.database = database
        self.intake = intake
        self.journal = journal
        self.shadow = shadow
        self.candidateLimit = candidateLimit
        self.plan = plan
    }

    /// Where the time went so far, as one line for the log; nil if nothing was processed.
    package var timeShares: String? { times.shares }

    /// Notes that the run of the model in use is at its end. Where that cannot be noted, the next run does so. What is to be
    /// read along is read before where `finishing` asks for it.
    package func endRun(finishing: Bool) {
        let others = [shadow?.stop(finishing: finishing)].compactMap(\.self)
        for run in others + [model.inUse.maker.run] { try? database.finish(run, at: Date()) }
    }

    /// Looks whether the database is where it was, and opens the one that has taken its place.
    package func requireDatabase() throws { try database.reopenIfReplaced() }

    /// Whether the database holds the file, by its bytes, kind and recorded name.
    package func isRecorded(_ claim: ClaimedFile, sha256: String) throws -> Bool {
        try database.reopenIfReplaced()
        return try database.isRecorded(
            sha256: sha256, kind: claim.kind.rawValue, sourceName: claim.recordedName.escaped)
    }

    /// Whether it does, and no record of the file was at fault.
    package func isSettled(_ claim: ClaimedFile, sha256: String) throws -> Bool {
        try database.reopenIfReplaced()
        return try database.isRecordedWithoutFault(
            sha256: sha256, kind: claim.kind.rawValue, sourceName: claim.recordedName.escaped)
    }

    /// Reads all claims as one batch and commits them in one transaction.
    ///
    /// All are postponed, and nothing is computed, while there is no database to write to.
    package func process(_ claims: [ClaimedFile]) -> [ProcessingOutcome] {
        do {
            try database.reopenIfReplaced()
        } catch {
            return claims.map { _ in .postponed(reason: error.explanation) }
        }
        let model = self.model.model()
        var outcomes = [ProcessingOutcome?](repeating: nil, count: claims.count)
        var opened: [(index: Int, file: OpenedFile)] = []
        times.measure(.intake) {
            for (index, claim) in claims.enumerated() {
                switch open(claim) {
                case .opened(let file): opened.append((index, file))
                case .concluded(let outcome): outcomes[index] = outcome
                }
            }
        }
        let results =
            opened.count == 1 && opened[0].file.documents.count > 1
            ? [answerInParts(opened[0].file)] : answer(opened.map(\.file), with: model)
        for (entry, outcome) in zip(opened, results) { outcomes[entry.index] = outcome }
        return outcomes.map { $0 ?? .postponed(reason: "not reached") }
    }

    /// What became of a file before the model is asked.
    private enum Opening {
        case opened(OpenedFile)
        case concluded(ProcessingOutcome)
    }

    private func open(_ claim: ClaimedFile) -> Opening {
        // Such names break the lists and scripts that operators work with.
        guard !claim.originalName.bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
            return .concluded(
                .rejected(
                    code: "control-character-in-name",
                    reason: "the file's name holds a line break or another control character; "
                        + "rename it and put it back"))
        }
        let data: Data
        let facts: FileFacts?
        do {
            facts = try DiskFiles().facts(of: claim.path)
            data = try DiskFiles().read(claim.path, maximumBytes: intake.limits.maximumBytes)
        } catch {
            return .concluded(outcome(ofReading: error))
        }
        let refusal: ProcessingOutcome
        do {
            let contents = try contents(of: data, claim)
            if contents.paddingBytes > 0 {
                notify(
                    .paddingDropped(
                        bytes: contents.paddingBytes, kind: claim.kind, name: claim.originalName))
            }
            let records = FileRecords(contents.entries)
            let unread = records.unreadTimes
            if unread > 0 {
                notify(
                    .timesUnread(count: unread, kind: claim.kind, name: claim.originalName))
            }
            if records.passedOver > 0 {
                notify(
                    .recordsPassedOver(
                        count: records.passedOver, kind: claim.kind, name: claim.originalName))
            }
            guard let rejection = records.rejection else {
                return settled(
                    OpenedFile(
                        claim: claim, sha256: ContentDigest(of: data).hexadecimal, facts: facts,
                        documents: records.documents, faults: records.faults))
            }
            refusal = rejection
        } catch {
            refusal = .rejected(code: error.code, reason: error.explanation)
        }
        // Half a file is often no document: then its rest decides.
        let isUnchanged = (try? DiskFiles().facts(of: claim.path)) == facts
        return .concluded(isUnchanged ? refusal : .changed)
    }

    /// What a file holds; where its encoding is in doubt, what the folder's files were in before decides.
    private func contents(
        of data: Data, _ claim: ClaimedFile
    ) throws(IntakeError) -> DocumentReader.Contents {
        let name = claim.originalName.escaped
        do throws(IntakeError) {
            return try intake.contents(of: data, fileName: name, kind: claim.kind)
        } catch {
            guard case .ambiguous = error,
                let counts = try? database.encodings(ofKind: claim.kind), !counts.isEmpty
            else { throw error }
            return try intake.contents(
                of: data, fileName: name, kind: claim.kind,
                after: FormerEncodings(counts: counts))
        }
    }

    /// A file whose faults are all that is left to tell, since a crash came after its commit, or one
    /// that is to be read.
    private func settled(_ file: OpenedFile) -> Opening {
        guard file.faults != nil else { return .opened(file) }
        do {
            let isCommitted = try database.isRecorded(
                sha256: file.sha256, kind: file.claim.kind.rawValue, sourceName: file.sourceName,
                receivedAt: timestamp(file.claim.claimedAt))
            return isCommitted ? .concluded(file.outcome(documents: 0)) : .opened(file)
        } catch {
            return .concluded(.postponed(reason: error.explanation))
        }
    }

    private func outcome(ofReading error: FileError) -> ProcessingOutcome {
        if error.symbol == "EFBIG" {
            return .rejected(
                code: "too-large",
                reason:
                    "the file is larger than \(intake.limits.maximumBytes) bytes (spool.maximum_document_bytes)"
            )
        }
        return error.disposition.remedy == .retry
            ? .postponed(reason: error.explanation)
            : .rejected(code: "unreadable", reason: error.explanation)
    }

    /// Reads all files together; if that fails, each alone, so that one bad file harms no other.
    func answer(_ files: [OpenedFile], with model: LoadedModel) -> [ProcessingOutcome] {
        do {
            return try record(files, with: model)
        } catch let error as StoreError where error.concernsDatabase {
            return files.map { _ in .postponed(reason: error.explanation) }
        } catch let error as FileError {
            // The journal of the spool: no document is at fault.
            return files.map { _ in .postponed(reason: error.explanationWithoutPath) }
        } catch  where explained(error).disposition.remedy == .retry {
            return files.map { _ in .postponed(reason: explained(error).explanation) }
        } catch  where files.count > 1 {
            return files.flatMap { answer([$0], with: model) }
        } catch let error as StoreError {
            return files.map { _ in .rejected(code: "not-recorded", reason: error.explanation) }
        } catch {
            note(self.model.failed(by: model))
            return files.map { _ in
                .rejected(
                    code: "model-failed",
                    reason: "the model cannot read it: \(explained(error).explanation)")
            }
        }
    }

    /// Leaves a line in the audit trail when the model before is in use again; the log tells of it in any case.
    private func note(_ rollback: ModelSlot.Rollback?) {
        guard let rollback else { return }
        do {
            try database.appendEvent(
                actor: "shokend", action: "model rolled back", object: rollback.to,
                details: [
                    "former": rollback.from, "former_sha256": rollback.sha256,
                    "reason": rollback.reason,
                ], at: Date())
        } catch {
            notify(.auditRefused(detail: error.explanation))
        }
    }

    private func record(
        _ files: [OpenedFile], with model: LoadedModel
    ) throws -> [ProcessingOutcome] {
        guard !files.isEmpty else { return [] }
        var annotation = AnnotationTimes()
        let findings = try model.annotator.findings(
            in: files.flatMap { $0.documents[$0.part] }, times: &annotation, plan: plan)
        times.add(annotation)
        note(
            self.model.read(
                by: model, documents: findings.count,
                characters: files.reduce(0) { count, file in
                    file.documents[file.part].reduce(count) { $0 + $1.text.unicodeScalars.count }
                }, seconds: (annotation.text + annotation.trunk + annotation.tasks) / .seconds(1)))
        var rest = findings[...]
        var recorded: [RecordedFile] = []
        var isRecorded: [Bool] = []
        for file in files {
            let own = rest.prefix(file.part.count)
            rest = rest.dropFirst(file.part.count)
            // The model takes its time, and a writer that was not done may have used it.
            isRecorded.append(file.isUnchanged)
            guard isRecorded.last == true else { continue }
            recorded.append(
                RecordedFile(
                    sha256: file.sha256, kind: file.claim.kind,
                    sourceName: file.sourceName,
                    receivedAt: timestamp(file.claim.claimedAt),
                    documents: zip(file.documents[file.part], own).map {
                        RecordedDocument($0, $1)
                    }, firstPosition: file.part.lowerBound,
                    isLastPart: file.part.upperBound == file.documents.count,
                    faults: file.faults?.count ?? 0))
        }
        guard !recorded.isEmpty else { return isRecorded.map { _ in .changed } }
        let recordings = try recordingTurn.withLock {
            try journal?.append(
                recorded.filter { $0.firstPosition == 0 }.map {
                    RecordJournalEntry(
                        sha256: $0.sha256, kind: $0.kind, sourceName: $0.sourceName,
                        receivedAt: $0.receivedAt)
                })
            let recordings = try commit(recorded, of: model)
            keep(recorded, as: recordings, in: profiles(of: model))
            return recordings
        }
        shadow?.offer(
            { entries(recorded, as: recordings, annotation, model) }, to: database, plan: plan)
        var next = recordings.makeIterator()
        return zip(files, isRecorded).map { file, isRecorded in
            switch isRecorded ? next.next() : nil {
            case .recorded(let documents): file.outcome(documents: documents.count)
            case .duplicate: .duplicate
            case nil: .changed
            }
        }
    }

    /// The documents of a batch as a model that reads along takes them, with their part of the time that they took.
    private func entries(
        _ files: [RecordedFile], as recordings: [ResultDatabase.Recording],
        _ annotation: AnnotationTimes, _ model: LoadedModel
    ) -> [ShadowLane.Entry] {
        let lengths = files.map { $0.documents.map { $0.document.text.unicodeScalars.count } }
        let all = max(1, lengths.joined().reduce(0, +))
        let time = (annotation.text + annotation.trunk + annotation.tasks) / .seconds(1)
        return zip(zip(files, lengths), recordings).flatMap { file, recording in
            guard case .recorded(let rows) = recording else { return [ShadowLane.Entry]() }
            return zip(zip(file.0.documents, file.1), rows).compactMap { entry, row in
                let (entry, length) = entry
                guard length <= ShadowLane.mostCharacters else { return nil }
                return ShadowLane.Entry(
                    row: row, document: entry.document,
                    active: KeptResults(entry.findings, by: model.maker),
                    activeSeconds: time * Double(length) / Double(all), run: model.maker.run)
            }
        }
    }

    /// Compares with earlier documents, then writes; the write is refused if they are others by then.
    private func commit(
        _ files: [RecordedFile], of model: LoadedModel
    ) throws -> [ResultDatabase.Recording] {
        let comparison = DocumentComparison(
            database: database, model: model, profiles: profiles(of: model),
            candidateLimit: candidateLimit)
        for _ in 0..<Self.mostComparisons {
            do {
                var files = files
                let last = try times.measure(.similarity) {
                    try comparison.compare(&files)
                }
                return try times.measure(.recording) {
                    try database.record(files, after: last, maker: model.maker, at: Date())
                }
            } catch StoreError.outdated { continue }
        }
        throw StoreError.outdated
    }

    func profiles(of model: LoadedModel) -> ProfileCache {
        profiles.cache(for: model.maker, generation: database.generation)
    }

    /// Keeps the profiles of what is committed, under the rows that it got.
    private func keep(
        _ files: [RecordedFile], as recordings: [ResultDatabase.Recording], in cache: ProfileCache
    ) {
        for case (let file, .recorded(let rows)) in zip(files, recordings) {
            for (row, entry) in zip(rows, file.documents) {
                if let profile = entry.findings.profile { cache.insert(profile, for: row) }
            }
        }
    }
}
