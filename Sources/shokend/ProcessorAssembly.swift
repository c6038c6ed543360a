// SPDX-License-Identifier: Apache-2.0
import Configuration
import DocumentPipeline
import DurableFiles
import Faults
import Foundation
import Intake
import ModelBundle
import ResultStore
import Spool
import Tensors

/// Builds what takes documents from their files to the database: the model and the database.
///
/// Throws what the model, the dictionaries and the database throw.
func makeProcessor(_ settings: ServiceConfiguration, log: DaemonLog) throws
    -> ClinicalProcessor
{
    if settings.compute.threads > 0 { ComputeThreads.set(settings.compute.threads) }
    let file = settings.databaseFile
    let done = FilePath(settings.spool.directory).appending("done")
    // Where documents were recorded before, a database that is not there is a loss.
    let hasRecorded = (try? DiskFiles().names(in: done).isEmpty) == false
    // A first start that was cut short leaves an empty file, but nothing in done/.
    if hasRecorded, try DiskFiles().facts(of: FilePath(file))?.size == 0 {
        throw DaemonFailure(
            .unavailable,
            "the database \(file) is empty, though documents were recorded in it: put a copy back "
                + "(shokenctl database restore), make it anew of done/ (shokenctl database rebuild), or "
                + "remove the file to begin anew")
    }
    let database = try ResultDatabase(file: URL(filePath: file)) { change in
        switch change {
        case .made:
            log.write(
                "there was no database \(file): begun a new one"
                    + (hasRecorded ? "; what is in done/: shokenctl database rebuild" : ""),
                severity: hasRecorded ? .warning : .information)
        case .reopened:
            log.write("another database stands at \(file): using that one", severity: .warning)
        }
    }
    let slot = try ModelSlot(
        first: settings.activeBundle(), limits: settings.canary.limits,
        wanted: { try? settings.activeBundle() },
        load: { try LoadedModel(bundle: $0, settings: settings) },
        report: { change in
            switch change {
            case .exchanged(let name, let version):
                log.write("the model is now \(name) \(version)", severity: .information)
            case .refused(let name, let error):
                let reason = explained(error).explanation
                log.write("keeping the model: \(name) was refused: \(reason)", severity: .error)
            case .rolledBack(let from, let to, let reason):
                log.write(
                    "the model is \(to.manifest.name) again: \(from) had to go, \(reason)",
                    severity: .error)
                goBack(to: to, in: settings.registry, log: log)
            }
        })
    let shadow = ShadowLane(
        wanted: {
            guard let wish = settings.registry.shadow(),
                let bundle = try? settings.registry.bundle(wish.name)
            else { return nil }
            return ShadowLane.Wish(bundle: bundle, share: wish.share)
        },
        load: { try LoadedModel(bundle: $0, settings: settings) },
        report: { log.write("the model that reads along: \($0)", severity: .error) })
    return ClinicalProcessor(
        model: slot, database: database,
        intake: settings.documentReader,
        journal: RecordJournal(spool: FilePath(settings.spool.directory)), shadow: shadow,
        plan: settings.plan,
        notify: { log($0) })
}

/// Lets the bundle be the active one for the next start, too.
private func goBack(to bundle: BundleDirectory, in registry: ModelRegistry, log: DaemonLog) {
    let name = bundle.directory.lastPathComponent
    do {
        try registry.activate(name)
    } catch {
        log.write(
            "the next start would use the other model, since the choice cannot be written: "
                + "\(explained(error).explanation); shokenctl model activate \(name)",
            severity: .error)
    }
}

extension ServiceConfiguration.CanarySection {
    /// The limits as the pipeline takes them.
    fileprivate var limits: CanaryWatch.Limits {
        var limits = CanaryWatch.Limits()
        (limits.documents, limits.failureShare) = (documents, failureShare)
        limits.slowdown = slowdown
        return limits
    }
}
