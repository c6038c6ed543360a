import ClinicalTasks
package import JapaneseText
package import ModelBundle
import ResultStore
package import Terminology

extension LoadedModel {
    /// Loads a bundle and makes it ready to read documents.
    ///
    /// `dictionary` names the MeCab dictionaries in use, for the record; `normalizer` gives entities
    /// their standard names. Throws `BundleError`, among others when the text is cleaned by other
    /// rules than at training, and the errors of the bundle's files and tasks.
    package init(
        bundle: BundleDirectory, morphology: MorphologicalAnalyzer, dictionary: String,
        normalizer: TermNormalizer? = nil, codeVersion: String, tokensPerBatch: Int
    ) throws {
        let manifest = bundle.manifest
        guard let profile = TextCleaner.Profile(rawValue: manifest.cleaning.profile),
            manifest.cleaning.version == TextCleaner.version
        else {
            throw BundleError.cleaningVersion(
                bundle: manifest.name, found: manifest.cleaning.version,
                expected: TextCleaner.version)
        }
        let contents = try bundle.contents()
        let tasks = try TaskSet(parameters: contents.tasks)
        try tasks.check(stateWidth: contents.trunk.configuration.hiddenSize)
        let annotator = ClinicalAnnotator(
            analyzer: TextAnalyzer(
                cleaner: TextCleaner(profile: profile), analyzer: morphology),
            reader: TrunkReader(
                tokenizer: contents.tokenizer, trunk: contents.trunk,
                context: contents.trunk.configuration.maxPositionEmbeddings,
                tokensPerBatch: tokensPerBatch),
            tasks: tasks, normalizer: normalizer)
        self.init(
            annotator: annotator,
            maker: ResultMaker(
                name: manifest.name, version: manifest.version, sha256: bundle.sha256,
                cleaningVersion: "\(profile.rawValue)-\(TextCleaner.version)",
                dictionary: dictionary, codeVersion: codeVersion),
            methods: manifest.tasks.mapValues(\.method.rawValue))
    }
}
