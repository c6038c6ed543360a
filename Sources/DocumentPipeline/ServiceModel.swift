package import ClinicalTasks
package import ClinicalTypes
package import Configuration
import Foundation
import JapaneseText
package import ModelBundle

extension LoadedModel {
    /// Loads a bundle as an instance's configuration says.
    ///
    /// Throws the errors of the bundle and of MeCab's dictionaries; `ModelFault` explains them.
    package init(bundle: BundleDirectory, settings: ServiceConfiguration) throws {
        try self.init(
            bundle: bundle,
            morphology: MorphologicalAnalyzer(
                dictionary: settings.mecabDictionary, userDictionary: settings.userDictionary),
            dictionary: [settings.mecabDictionary ?? "ipadic", settings.userDictionary]
                .compactMap { $0 }.joined(separator: " + "),
            codeVersion: programVersion, tokensPerBatch: settings.compute.batchTokens)
    }
}

extension ServiceConfiguration {
    /// The site's bundles.
    package var registry: ModelRegistry {
        ModelRegistry(directory: URL(filePath: modelsDirectory))
    }

    /// The bundle that was activated last, or else the configured one.
    package func activeBundle() throws(BundleError) -> BundleDirectory {
        try registry.bundle(registry.activeName() ?? activeModel)
    }

    /// What is asked of documents of a kind.
    package func plan(for kind: DocumentKind) -> TaskPlan {
        guard let section = tasks[kind] else { return .standard(for: kind) }
        return TaskPlan(
            entities: section.entities, tnm: section.tnm, adverseEvents: section.adverseEvents,
            similarity: section.similarity)
    }
}
