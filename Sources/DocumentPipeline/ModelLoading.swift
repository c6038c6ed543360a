// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
import Foundation
import JSONFiles
package import JapaneseText
import LinearHeads
package import ModelBundle
import ResultStore
package import Tensors
package import Terminology

extension LoadedModel {
    /// Loads a bundle and makes it ready to read documents.
    ///
    /// Documents are cleaned by the version of the rules that the bundle was trained with.
    /// `dictionary` names the MeCab dictionaries in use, for the record; `normalizer` gives entities
    /// their standard names; `personalInformation` is what the model does not get to read.
    /// `dictionaries` are places beside that of its import where a published tokenizer's own MeCab
    /// dictionary may be. `tnmEdition` is that of stages where a report names none. `reviewBelow`
    /// takes the place of the bundle's own thresholds. A `precision` other than 32-bit floats is recorded with the
    /// code's version. Throws `BundleError`, among others when this program does not know that version, and the
    /// errors of the bundle's files and tasks.
    package init(
        bundle: BundleDirectory, morphology: MorphologicalAnalyzer, dictionary: String,
        dictionaries: [String] = [], normalizer: TermNormalizer? = nil,
        personalInformation: Set<PersonalInformationKind> = PersonalInformationKind.contacts,
        precision: Precision = .float32, tnmEdition: StageGroups.Edition = .eighth,
        reviewBelow: ReviewThresholds = [:], codeVersion: String, tokensPerBatch: Int
    ) throws {
        let manifest = bundle.manifest
        let cleaner = try Self.cleaner(
            of: manifest, personalInformation: personalInformation)
        guard !manifest.tasks.isEmpty else { throw BundleError.noTasks(bundle: manifest.name) }
        let contents = try bundle.contents(
            dictionaries: dictionaries, precision: precision)
        var tasks = try Self.tasks(of: contents, methods: manifest.tasks.mapValues(\.method))
        tasks.tnm?.edition = tnmEdition
        tasks.instructedStage?.edition = tnmEdition
        tasks.reviewBelow = reviewBelow
        tasks.calibration = try manifest.calibration.map {
            try ScoreCalibration(stored: JSONEncoder.sorted().encode($0))
        }
        let annotator = ClinicalAnnotator(
            analyzer: TextAnalyzer(cleaner: cleaner, analyzer: morphology),
            reader: TrunkReader(contents.trunk, tokensPerBatch: tokensPerBatch),
            tasks: tasks, normalizer: normalizer, asker: try Self.asker(of: bundle, tasks))
        self.init(
            annotator: annotator,
            maker: ResultMaker(
                name: manifest.name, version: manifest.version, sha256: bundle.sha256,
                cleaningVersion: "\(cleaner.profile.rawValue)-\(cleaner.version.rawValue)"
                    + Self.note(on: personalInformation),
                dictionary: dictionary,
                codeVersion: codeVersion
                    + (precision == .float32 ? "" : "+" + precision.rawValue),
                methods: manifest.tasks.mapValues(\.method.rawValue),
                rulesVersion: "\(WrittenRules.version) \(tnmEdition.rawValue)"))
    }

    /// The tasks of a bundle; throws `TaskParameterError` for one that its trunk does not fit.
    static func tasks(
        of contents: BundleContents, methods: [String: BundleManifest.Method]
    ) throws -> TaskSet {
        var tasks = try TaskSet(
            parameters: contents.tasks.filter {
                methods[$0.key] != .tagger && methods[$0.key] != .instruct
            })
        for (name, parameters) in contents.tasks where methods[name] == .instruct {
            guard name == TNMClassifier.taskName else {
                throw TaskParameterError.settings(task: name, field: "method")
            }
            tasks.instructedStage = try StageInstruction(parameters: parameters)
        }
        if let share = tasks.entities?.tagger {
            guard case .text(let trunk) = contents.trunk,
                trunk.model.tokenLabels?.count == share.labels.names.count
            else {
                throw TaskParameterError.settings(
                    task: EntityRecognizer.taskName, field: "tagger.labels.names")
            }
            tasks.entities?.tagger = share.following(trunk.model.labelTransitions)
        }
        for (name, parameters) in contents.tasks where methods[name] == .tagger {
            guard name == EntityTagger.taskName, case .text(let trunk) = contents.trunk,
                let labels = trunk.model.tokenLabels
            else { throw TaskParameterError.settings(task: name, field: "method") }
            tasks.tagger = try EntityTagger(
                settings: parameters.settings, labelCount: labels.count,
                transitions: trunk.model.labelTransitions)
        }
        try tasks.check(stateWidth: contents.trunk.width)
        return tasks
    }

    /// The model of a bundle that follows instructions; nil where no task is answered so.
    private static func asker(
        of bundle: BundleDirectory, _ tasks: TaskSet
    ) throws -> (any DocumentAsker)? {
        guard let instruction = tasks.instructedStage else { return nil }
        guard let instruct = bundle.manifest.instruct,
            bundle.manifest.files[instruct.file] != nil
        else {
            throw BundleError.malformedManifest(
                file: "\(bundle.manifest.name)/\(BundleDirectory.manifestName)",
                field: "instruct.file")
        }
        return try InstructedModel(
            gguf: bundle.directory.appending(path: instruct.file), template: instruct.template,
            settings: instruction.settings)
    }

    /// The cleaner that a bundle was trained with, for some kinds of personal information; throws
    /// `BundleError`.
    package static func cleaner(
        of manifest: BundleManifest,
        personalInformation: Set<PersonalInformationKind> = PersonalInformationKind.contacts
    ) throws -> TextCleaner {
        let cleaning = manifest.cleaning
        guard let profile = TextCleaner.Profile(rawValue: cleaning.profile) else {
            throw BundleError.malformedManifest(
                file: "\(manifest.name)/\(BundleDirectory.manifestName)", field: "cleaning.profile")
        }
        guard let version = CleaningVersion(rawValue: cleaning.version) else {
            throw BundleError.cleaningVersion(
                bundle: manifest.name, found: cleaning.version,
                known: CleaningVersion.allCases.map(\.rawValue))
        }
        // The usual kinds are those of the profile, which text on the web has more of.
        let isUsual = personalInformation == PersonalInformationKind.contacts
        return TextCleaner(
            profile: profile, version: version,
            personalInformation: isUsual ? nil : personalInformation)
    }

    /// What the record says of the kinds that are kept from the model; nothing for the usual ones.
    private static func note(on kinds: Set<PersonalInformationKind>) -> String {
        if kinds == PersonalInformationKind.contacts { return "" }
        return " without " + kinds.map(\.rawValue).sorted().joined(separator: ",")
    }
}
