// SPDX-License-Identifier: Apache-2.0
package import Foundation
import Tensors
import WeightFiles

/// A decoder's head that labels tokens (token classification), as checkpoints
/// `…ForTokenClassification` have it.
package struct TokenHead: Sendable {
    /// Names of the labels, K.
    package let labels: [String]
    /// How well labels follow each other; nil where the checkpoint does not say.
    package let transitions: LabelTransitions?
    /// Whether the decoder was trained with every token seeing those after it, too.
    package let isBidirectional: Bool
    /// Whether its tokenizer gets MeCab's words, as a trunk of our own does.
    package let readsWords: Bool
    private let classifier: Projection

    /// The fields of `config.json` that Shoken adds for a decoder with a head; `readsWords` for an encoder, too.
    package enum Field {
        /// False where a token sees those after it.
        package static let isCausal = "is_causal"
        /// True where the tokenizer gets MeCab's words.
        package static let readsWords = "shoken_reads_words"
    }

    /// The head in a decoder's folder; nil where its `architectures` name none.
    ///
    /// `width` is that of a state, C. Throws `ModelConfigurationError` or `WeightFileError`, naming the
    /// file and what is wrong in it.
    package init?(directory: URL, width: Int) throws {
        let fields = try ConfigurationFields(file: directory.appending(path: "config.json"))
        guard
            try fields.strings("architectures")?.first?.hasSuffix("ForTokenClassification") == true
        else { return nil }
        labels = try fields.labelNames()
        isBidirectional = try fields.bool(Field.isCausal) == false
        readsWords = try fields.bool(Field.readsWords) ?? false
        let source = try SafetensorsFolder(directory)
        // Hugging Face's heads have a bias; some that are published leave it out.
        let bias = source.shape(of: "score.bias") == nil ? nil : [labels.count]
        classifier = Projection(
            weight: try source.tensor("score.weight", shape: [labels.count, width]),
            bias: try bias.map { try source.tensor("score.bias", shape: $0) })
        transitions = try LabelTransitions(source, labels: labels.count)
    }

    /// The logits (T, K) of tokens' states (T, C).
    func logits(ofStates states: Tensor) -> Tensor {
        var logits = Tensor(zeros: [states.rows, labels.count])
        classifier.apply(states, into: &logits)
        return logits
    }
}

extension ConfigurationFields {
    /// `id2label`, or LABEL_0 and LABEL_1 where a file says nothing.
    func labelNames() throws(ModelConfigurationError) -> [String] {
        guard let names = try object("id2label") else { return ["LABEL_0", "LABEL_1"] }
        let count = try names.members().count
        guard (1...65536).contains(count) else {
            throw .outOfRange(file: file, field: "id2label")
        }
        var labels: [String] = []
        for id in 0..<count {
            labels.append(try names.required("\(id)", try names.string("\(id)")))
        }
        return labels
    }
}
