// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import DurableFiles
import Foundation
import Spool

/// A name that a producer gave to a file, as bytes that may be anything, on its way through a spool.
///
/// What must not happen is that the process ends, or that the file is not where its state says.
/// `Scripts/fuzz spoolname` compiles this file with libFuzzer; the tests replay the corpus through it.
struct HostileName {
    private let spool: SpoolDirectory
    private let disk = SpoolDirectory.ownFiles

    /// A spool in a folder of its own.
    init(folder: URL) throws {
        spool = try SpoolDirectory(root: FilePath(folder.appending(path: "spool")))
    }

    /// Drops a file of that name, and takes it through a claim, a restart and `failed/` or `done/`; whether it
    /// was a name that is taken.
    func pass(_ bytes: Data) throws -> Bool {
        guard let name = FileName(bytes: Array(bytes.prefix(FileName.maximumBytes))) else {
            return false
        }
        let path = spool.incoming(.nursing).appending(name)
        try disk.write(Data("発熱あり。".utf8), to: path)
        guard let file = spool.scan().files.first(where: { $0.name == name }) else {
            precondition(SpoolListing.isIgnored(name), "a name that is looked at is listed")
            try disk.remove(path)
            return false
        }
        guard let claim = try spool.claim(file) else {
            preconditionFailure("a listed file can be claimed")
        }
        let recovery = try spool.recover(after: .killed) { _, _ in false }
        guard let again = recovery.waiting.first, recovery.waiting.count == 1 else {
            preconditionFailure("a restart finds the claim")
        }
        precondition(again.kind == .nursing, "a claim keeps its kind")
        precondition(again.recordedName == claim.recordedName, "a claim keeps its name")
        let taken = try spool.begin(again)
        let target =
            if bytes.count % 2 == 0 {
                try spool.finish(taken)
            } else {
                try spool.fail(taken, FailureReason(code: "x", text: "x"))
            }
        try check(target, after: taken)
        try disk.remove(target)
        return true
    }

    /// Whether the file lies there, and beside it a reason that names it, if it is in `failed/`.
    private func check(_ target: FilePath, after claim: ClaimedFile) throws {
        let (there, left) = (try disk.facts(of: target), try disk.facts(of: claim.path))
        precondition(there?.kind == .regularFile, "the file is there")
        precondition(left == nil, "and no longer in processing/")
        guard target.parent == spool.failed, let kept = target.lastName else { return }
        let report = spool.reason(of: kept)
        precondition(report?.sourceName == claim.originalName.escaped, "the reason names the file")
        try disk.remove(spool.reasonPath(of: kept))
    }
}
