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
/// A batch keeps the model that it began with; the next one asks again.
package final class ModelSlot: Sendable {
    private let current: Mutex<(model: LoadedModel, sha256: String)>
    private let refused = Mutex<String?>(nil)
    private let wanted: @Sendable () -> BundleDirectory?
    private let load: @Sendable (BundleDirectory) throws -> LoadedModel
    private let report: @Sendable (ModelChange) -> Void

    /// What became of a wish to exchange the model.
    package enum ModelChange: Sendable {
        /// The new model is in use.
        case exchanged(name: String, version: String)
        /// The new model cannot be loaded; the old one stays in use.
        case refused(name: String, error: any Error)
    }

    /// Loads the first model; throws what `load` throws.
    package init(
        first: BundleDirectory, wanted: @escaping @Sendable () -> BundleDirectory?,
        load: @escaping @Sendable (BundleDirectory) throws -> LoadedModel,
        report: @escaping @Sendable (ModelChange) -> Void
    ) throws {
        current = Mutex((try load(first), first.sha256))
        self.wanted = wanted
        self.load = load
        self.report = report
    }

    /// Holds one model that nothing exchanges.
    package init(always model: LoadedModel) {
        current = Mutex((model, ""))
        wanted = { nil }
        load = { _ in model }
        report = { _ in }
    }

    /// The model that was used last.
    package var inUse: LoadedModel { current.withLock { $0.model } }

    /// The model to use now: the one that was activated last, if it can be loaded.
    package func model() -> LoadedModel {
        let (model, sha256) = current.withLock { $0 }
        guard let bundle = wanted(), bundle.sha256 != sha256,
            refused.withLock({ $0 }) != bundle.sha256
        else { return model }
        do {
            let next = try load(bundle)
            current.withLock { $0 = (next, bundle.sha256) }
            report(.exchanged(name: bundle.manifest.name, version: bundle.manifest.version))
            return next
        } catch {
            // Said once: the next batch would only find the same fault.
            refused.withLock { $0 = bundle.sha256 }
            report(.refused(name: bundle.manifest.name, error: error))
            return model
        }
    }
}
