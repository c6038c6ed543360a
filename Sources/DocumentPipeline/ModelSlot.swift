// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import Foundation
package import ModelBundle
package import ResultStore
import Synchronization

/// A model that is loaded and ready, with what results must say of their maker.
package struct LoadedModel: Sendable {
    /// Answers the tasks.
    package let annotator: ClinicalAnnotator
    /// Stands with every row.
    package let maker: ResultMaker

    /// A loaded model.
    package init(annotator: ClinicalAnnotator, maker: ResultMaker) {
        self.annotator = annotator
        self.maker = maker
    }
}

/// The model in use, which an admin may exchange while documents are being read.
///
/// A batch keeps the model that it began with; the next one asks again. The first documents of a model that took the
/// place of another are watched, and where it does worse than is borne the other comes back.
package final class ModelSlot: Sendable {
    private struct State {
        var model: LoadedModel
        /// Its bundle; nil for one that nothing exchanges.
        var bundle: BundleDirectory?
        var pace = CanaryWatch.Pace()
        /// The bundle before it, while its first documents are watched.
        var former: BundleDirectory?
        var watch: CanaryWatch?
    }

    private let current: Mutex<State>
    private let refused = Mutex<String?>(nil)
    private let limits: CanaryWatch.Limits
    private let wanted: @Sendable () -> BundleDirectory?
    private let load: @Sendable (BundleDirectory) throws -> LoadedModel
    private let report: @Sendable (ModelChange) -> Void

    /// What became of a wish to exchange the model.
    package enum ModelChange: Sendable {
        /// The new model is in use.
        case exchanged(name: String, version: String)
        /// The new model cannot be loaded; the old one stays in use.
        case refused(name: String, error: any Error)
        /// The new model does worse than is borne; the one before is in use again.
        case rolledBack(from: String, to: BundleDirectory, reason: String)
    }

    /// A return to the model before.
    package struct Rollback: Hashable, Sendable {
        /// Names of the bundles, and the SHA-256 of the one that had to go.
        package let from, to, sha256: String
        /// Why.
        package let reason: String
    }

    /// Loads the first model; throws what `load` throws. `limits` say what is borne of a later one.
    package init(
        first: BundleDirectory, limits: CanaryWatch.Limits = CanaryWatch.Limits(),
        wanted: @escaping @Sendable () -> BundleDirectory?,
        load: @escaping @Sendable (BundleDirectory) throws -> LoadedModel,
        report: @escaping @Sendable (ModelChange) -> Void
    ) throws {
        current = Mutex(State(model: try load(first), bundle: first))
        self.limits = limits
        self.wanted = wanted
        self.load = load
        self.report = report
    }

    /// Holds one model that nothing exchanges.
    package init(always model: LoadedModel) {
        current = Mutex(State(model: model))
        limits = CanaryWatch.Limits()
        wanted = { nil }
        load = { _ in model }
        report = { _ in }
    }

    /// The model that was used last.
    package var inUse: LoadedModel { current.withLock { $0.model } }

    /// The model to use now: the one that was activated last, if it can be loaded.
    package func model() -> LoadedModel {
        let (model, sha256) = current.withLock { ($0.model, $0.bundle?.sha256) }
        guard let bundle = wanted() else { return model }
        guard bundle.sha256 != sha256 else {
            // What was refused may be activated again, once another was.
            refused.withLock { $0 = nil }
            return model
        }
        guard refused.withLock({ $0 }) != bundle.sha256 else { return model }
        do {
            let next = try load(bundle)
            current.withLock { state in
                // One that is still watched is measured by the pace of the model before it, too.
                let pace = state.pace.rate == nil ? state.watch?.former ?? state.pace : state.pace
                state = State(
                    model: next, bundle: bundle, former: state.bundle,
                    watch: CanaryWatch(limits, former: pace))
            }
            report(.exchanged(name: bundle.manifest.name, version: bundle.manifest.version))
            return next
        } catch {
            // Said once: the next batch would only find the same fault.
            refused.withLock { $0 = bundle.sha256 }
            report(.refused(name: bundle.manifest.name, error: error))
            return model
        }
    }

    /// Notes documents that a model has read; gives the return to the model before where it takes too long.
    func read(
        by model: LoadedModel, documents: Int, characters: Int, seconds: Double
    ) -> Rollback? {
        let reason = current.withLock { state -> String? in
            guard state.model.maker.run == model.maker.run else { return nil }
            state.pace.add(documents: documents, characters: characters, seconds: seconds)
            return state.watch?.read(
                documents: documents, characters: characters, seconds: seconds)
        }
        return reason.flatMap { rollBack(from: model, because: $0) }
    }

    /// Notes a document that a model could not read; gives the return to the model before where these are too many.
    func failed(by model: LoadedModel) -> Rollback? {
        let reason = current.withLock { state -> String? in
            guard state.model.maker.run == model.maker.run else { return nil }
            return state.watch?.fail()
        }
        return reason.flatMap { rollBack(from: model, because: $0) }
    }

    /// Puts the bundle before into use again; nil where that is not to be had, and the model stays.
    private func rollBack(from model: LoadedModel, because reason: String) -> Rollback? {
        let (bundle, former) = current.withLock { ($0.bundle, $0.former) }
        guard let bundle, let former else { return nil }
        do {
            let before = try load(former)
            let isDone = current.withLock { state in
                guard state.model.maker.run == model.maker.run else { return false }
                state = State(model: before, bundle: former)
                return true
            }
            guard isDone else { return nil }
        } catch {
            // It is not asked for again with each document.
            current.withLock { $0.watch = nil }
            report(.refused(name: former.manifest.name, error: error))
            return nil
        }
        // It is still the one that was activated last, until `report` has put that right.
        refused.withLock { $0 = bundle.sha256 }
        report(.rolledBack(from: bundle.manifest.name, to: former, reason: reason))
        return Rollback(
            from: bundle.manifest.name, to: former.manifest.name, sha256: bundle.sha256,
            reason: reason)
    }
}
