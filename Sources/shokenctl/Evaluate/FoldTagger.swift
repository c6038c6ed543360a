// SPDX-License-Identifier: Apache-2.0
import ClinicalTasks
import Foundation
import LanguageModel
import ModelBundle
import Tensors
import WeightFiles

/// The tagger of a bundle that was trained without one fold.
struct FoldTagger {
    /// What cross-validation asks.
    let parts: (TrunkReader, LabelMap, LabelTransitions?)

    /// Opens `fold-N` of a folder; throws the bundle's errors, and `CommandFailure` for a bundle without a
    /// tagger or one that may have learnt from the fold.
    init(_ folder: URL, fold: Int, precision: Precision) throws {
        let place = folder.appending(path: "fold-\(fold)")
        let bundle = try BundleDirectory(directory: place)
        func refusal(_ reason: String) -> CommandFailure {
            CommandFailure(.badData, "\(place.path(percentEncoded: false)) \(reason)")
        }
        let config = try ConfigurationFields(file: place.appending(path: "config.json"))
        guard try config.integer(HeldFold.field) == fold else {
            throw refusal(
                "does not say that fold \(fold) was held out (config.json, \(HeldFold.field))")
        }
        let contents = try bundle.contents(precision: precision)
        guard let task = bundle.manifest.tasks[EntityTagger.taskName], task.method == .tagger,
            case .text(let trunk) = contents.trunk
        else { throw refusal("has no tagger of its own") }
        let labels = try JSONDecoder().decode(
            LabelMap.self, from: JSONEncoder().encode(task.settings))
        parts = (TrunkReader(contents.trunk), labels, trunk.model.labelTransitions)
    }
}
