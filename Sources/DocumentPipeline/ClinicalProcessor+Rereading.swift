// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Faults
import Foundation
import ResultStore

extension ClinicalProcessor {
    /// The most documents that are read once more together, and their characters: what comes in meanwhile waits for them.
    static let mostRereadTogether = 8
    private static let mostCharactersReread = 6000
    /// How often documents may be begun together without a result, and one of them alone, before it is left as it is.
    private static let mostTries = (together: 2, alone: 10)

    /// Reads the next documents of a request once more, with the model of the moment.
    ///
    /// Each document is a transaction of its own, so that an end in between costs what was not written yet, and
    /// comparisons do not depend on which documents were read together. `isStopping` is asked before each.
    package func readAgain(isStopping: () -> Bool) -> RereadOutcome {
        do {
            try database.reopenIfReplaced()
            guard let request = try database.openRequest() else { return .nothing }
            let isSuspect = request.tries >= Self.mostTries.together
            let documents = try database.beginDocuments(
                of: request.id, limit: isSuspect ? 1 : Self.mostRereadTogether,
                characters: Self.mostCharactersReread, at: Date())
            guard let first = documents.first else { return .ended(request: request.id) }
            if request.tries >= Self.mostTries.alone {
                try database.fail(
                    first.id, of: request.id,
                    reason: "the daemon ended each time that it was begun", at: Date())
                return .reread(documents: 0)
            }
            return .reread(
                documents: try reread(documents, for: request.id, isStopping: isStopping))
        } catch {
            return .postponed(reason: explained(error).explanation)
        }
    }

    /// Reads documents together; if that fails, each alone. How many have new results.
    private func reread(
        _ documents: [RereadDocument], for request: Int64, isStopping: () -> Bool
    ) throws -> Int {
        let model = self.model.model()
        let findings: [Findings]
        do {
            findings = try model.annotator.findings(in: documents.map(\.document), plan: plan)
        } catch  where explained(error).disposition.remedy == .retry {
            throw error
        } catch {
            guard documents.count == 1 else {
                return try documents.reduce(0) { count, document in
                    guard !isStopping() else { return count }
                    return try count + reread([document], for: request, isStopping: isStopping)
                }
            }
            let reason = "the model cannot read it: \(explained(error).explanation)"
            try database.fail(documents[0].id, of: request, reason: reason, at: Date())
            return 0
        }
        let maker = model.maker.running(
            ResultRun(.reprocess, key: "\(model.maker.run.key) request \(request)"))
        let comparison = DocumentComparison(
            database: database, model: model, profiles: profiles(of: model),
            candidateLimit: candidateLimit)
        var count = 0
        for (document, found) in zip(documents, findings) {
            if isStopping() { break }
            let isWritten = try recordingTurn.withLock {
                let compared = try comparison.compare(document, found)
                let isWritten = try database.replaceResults(
                    of: document, by: compared, for: request, maker: maker, at: Date())
                if isWritten, let profile = found.profile {
                    comparison.profiles.insert(profile, for: document.id)
                }
                return isWritten
            }
            // Cancelled meanwhile.
            guard isWritten else { break }
            count += 1
        }
        return count
    }
}
