// SPDX-License-Identifier: Apache-2.0
package import ClinicalTasks
package import ClinicalTypes
package import Corpora
package import Foundation
package import JapaneseText
import LinearHeads
import RowFiles
package import Tensors

/// Fits the entity recognizer to rows of the entity tasks.
package struct EntityTraining: Sendable {
    /// How the chains are fitted.
    package var fitting = ConditionalRandomField()
    /// What trunk states are multiplied by, so that one penalty suits them and the features.
    package var stateScale: Float = 0.1

    /// The usual settings.
    package init() {}

    /// Fits a recognizer to the documents of `rows`, those of `excludingFold` left out.
    ///
    /// `tables` holds the dictionaries; gazetteers are made from the documents, each of which sees
    /// them without itself. `states` gives the trunk's states of a text, a tensor (words, C) for each
    /// sentence. Throws `EntityTrainingError`, and what `states` throws.
    package static func fit(
        rows: [BenchmarkRow], analyze: (String) -> AnalyzedText, excludingFold: Int?,
        dictionaries: [EntityType: TermTable] = [:], settings: EntityTraining = EntityTraining(),
        states: ((AnalyzedText) throws -> [Tensor])? = nil
    ) throws -> EntityRecognizer {
        let documents = try EntityDocument.documents(
            rows.filter { $0.fold != excludingFold }, analyze: analyze)
        return try settings.fit(documents, dictionaries: dictionaries, states: states)
    }

    /// Fits a recognizer to documents; throws `EntityTrainingError`, and what `states` throws.
    package func fit(
        _ documents: [EntityDocument], dictionaries: [EntityType: TermTable],
        states: ((AnalyzedText) throws -> [Tensor])? = nil
    ) throws -> EntityRecognizer {
        let own = documents.map(EntityTraining.ownEntities)
        var tables = EntityTables(terms: dictionaries)
        for type in EntityType.allCases {
            let known = zip(documents, own).compactMap { document, own in
                own[type].map {
                    (sentences: document.text.sentences.map(SentenceWords.init), entities: $0)
                }
            }
            tables.gazetteers[type] = Gazetteer(known)
        }
        let features = EntityFeatures(tables: tables)
        var disease: [LabelledSequence] = []
        var medication: [LabelledSequence] = []
        for (document, own) in zip(documents, own) {
            let isMedication = document.entities[.drug] != nil || document.entities[.dose] != nil
            guard document.entities[.disease] != nil || isMedication else { continue }
            let tensors = try states.map { try scaled(try $0(document.text), for: document) }
            for (index, sentence) in document.text.sentences.enumerated() {
                let words = features.hashes(
                    of: sentence, in: document.text, kind: document.kind, ownEntities: own)
                func sequence(_ labels: EntityLabels) -> LabelledSequence {
                    LabelledSequence(
                        words: words, states: tensors?[index],
                        allowed: labels.label(sentence, in: document).allowed)
                }
                if document.entities[.disease] != nil {
                    disease.append(sequence(EntityRecognizer.diseaseLabels))
                }
                if isMedication {
                    medication.append(sequence(EntityRecognizer.medicationLabels))
                }
            }
        }
        return EntityRecognizer(
            features: features,
            disease: try fitHead(disease, EntityRecognizer.diseaseLabels),
            medication: try fitHead(medication, EntityRecognizer.medicationLabels),
            stateScale: stateScale)
    }

    private func fitHead(
        _ sequences: [LabelledSequence], _ labels: EntityLabels
    ) throws -> LinearChainHead {
        guard !sequences.isEmpty else {
            throw EntityTrainingError.noDocuments(types: labels.types)
        }
        return fitting.fit(
            sequences, labels: labels.names, mayStart: labels.mayStart,
            mayFollow: labels.mayFollow)
    }

    private func scaled(_ states: [Tensor], for document: EntityDocument) throws -> [Tensor] {
        let sentences = document.text.sentences
        guard states.count == sentences.count,
            zip(states, sentences).allSatisfy({ $0.rows == $1.morphemes.count })
        else { throw EntityTrainingError.states(document: document.identifier) }
        return states.map { tensor in
            var tensor = tensor
            for place in tensor.values.indices { tensor.values[place] *= stateScale }
            return tensor
        }
    }

    /// The term hashes of a document's own entities, for each type that is known of it.
    private static func ownEntities(of document: EntityDocument) -> [EntityType: Set<UInt32>] {
        var own: [EntityType: Set<UInt32>] = [:]
        for labels in [EntityRecognizer.diseaseLabels, EntityRecognizer.medicationLabels] {
            for sentence in document.text.sentences {
                let found = labels.label(sentence, in: document).entities
                own.merge(found) { $0.union($1) }
            }
        }
        return own
    }
}

extension EntityTraining {
    /// Reads the disease dictionary: tab-separated `surface`, `icd10`, `standard_name`, a header.
    ///
    /// Throws `EntityTrainingError.dictionary`.
    package static func diseaseTerms(_ file: URL, cleaner: TextCleaner) throws -> TermTable {
        let rows = try rows(of: file, .tab)
        guard let header = rows.first, header.count >= 2, header[0] == "surface",
            header[1] == "icd10"
        else { throw EntityTrainingError.dictionary(file: file.path) }
        return TermTable(
            rows.dropFirst().lazy.filter { $0.count >= 2 }.map {
                TermTable.Term(
                    cleaner.clean($0[0]).string, code: $0[1],
                    isStandard: $0.count > 2 && $0[0] == $0[2])
            })
    }

    /// Reads drug names: the first column of a comma-separated file with a header.
    ///
    /// Throws `EntityTrainingError.dictionary`.
    package static func drugTerms(_ file: URL, cleaner: TextCleaner) throws -> TermTable {
        let rows = try rows(of: file, .comma)
        guard rows.count > 1 else { throw EntityTrainingError.dictionary(file: file.path) }
        return TermTable(
            rows.dropFirst().lazy.map { TermTable.Term(cleaner.clean($0[0]).string) })
    }

    private static func rows(
        of file: URL, _ separator: SeparatedValues.Separator
    ) throws -> [[String]] {
        do {
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            var table = SeparatedValues(text, separator: separator)
            return try table.rows().map(\.fields)
        } catch {
            throw EntityTrainingError.dictionary(file: file.path)
        }
    }
}
