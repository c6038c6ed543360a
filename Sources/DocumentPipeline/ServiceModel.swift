// SPDX-License-Identifier: Apache-2.0
package import ClinicalTypes
package import Configuration
import DurableFiles
import Foundation
package import Intake
import JapaneseText
package import ModelBundle
import Terminology

extension LoadedModel {
    /// Loads a bundle as an instance's configuration says.
    ///
    /// A configured user dictionary always gives names and codes. It cuts words only for a bundle that
    /// was trained with the very same file, since heads fitted on other words answer worse.
    ///
    /// Throws the errors of the bundle and of MeCab's dictionaries.
    /// `BundleError.dictionary` says that the bundle needs a user dictionary that is not configured.
    package init(bundle: BundleDirectory, settings: ServiceConfiguration) throws {
        let userDictionary = settings.userDictionary
        let digest = try userDictionary.map(Self.digest(ofUserDictionary:))
        let wanted = bundle.manifest.userDictionary
        if let wanted, wanted != digest {
            throw BundleError.dictionary(
                bundle: bundle.manifest.name, expected: wanted, found: digest)
        }
        let normalizer = try userDictionary.map {
            try TermNormalizer(userDictionary: $0, systemDictionary: settings.mecabDictionary)
        }
        let use = wanted == nil ? "names from" : "words and names from"
        try self.init(
            bundle: bundle,
            morphology: MorphologicalAnalyzer(
                dictionary: settings.mecabDictionary,
                userDictionary: wanted == nil ? nil : userDictionary),
            dictionary: (settings.mecabDictionary ?? "ipadic")
                + (digest.map { " + \(use) sha256:\($0)" } ?? ""),
            dictionaries: [settings.mecabDictionary ?? MorphologicalAnalyzer.defaultDictionary],
            normalizer: normalizer, personalInformation: settings.personalInformation,
            precision: settings.compute.precision,
            tnmEdition: settings.tnmEdition == 9 ? .ninth : .eighth,
            reviewBelow: settings.reviewBelow, codeVersion: programVersion,
            tokensPerBatch: settings.compute.batchTokens)
    }

    private static func digest(ofUserDictionary path: String) throws -> String {
        let file = FilePath(URL(filePath: path).resolvingSymlinksInPath())
        return try ContentDigest(ofFile: file).hexadecimal
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

    /// What reads files, for the daemon and for whoever reads as it would.
    package var documentReader: DocumentReader {
        DocumentReader(
            limits: IntakeLimits(
                maximumBytes: spool.maximumDocumentBytes,
                maximumDocumentScalars: spool.maximumDocumentCharacters),
            rules: siteRules)
    }

    /// What is asked of documents of a kind.
    package func plan(for kind: DocumentKind) -> Set<ClinicalTask> {
        tasks[kind] ?? kind.standardTasks
    }
}
