// SPDX-License-Identifier: Apache-2.0
import JSONFiles

/// `MODEL_CARD.md`: what a bundle is, for whom, from what, how good, and under which licence.
package struct ModelCard {
    private let manifest: BundleManifest

    /// The card of a bundle.
    package init(manifest: BundleManifest) {
        self.manifest = manifest
    }

    /// The card as Markdown.
    package var text: String {
        """
        # \(manifest.name) \(manifest.version)

        \(introduction)

        **Licence: \(manifest.licence).**

        **Use.** Findings for analysts and for review by clinicians. They are derived data, not the
        record; nothing here is a diagnosis. A level of an adverse event is the model's own, not a
        WHO-UMC verdict.

        ## Tasks

        | task | answered by |
        |---|---|
        \(manifest.tasks.sorted { $0.key < $1.key }
            .map { "| \($0.key) | \($0.value.method.rawValue) |" }.joined(separator: "\n"))

        Text is cleaned with the profile `\(manifest.cleaning.profile)`, version \
        \(manifest.cleaning.version), and cut into words by MeCab with \(manifest.dictionary).\(tokenizer)

        ## Scores

        \(scores)

        ## Data

        | source | licence | used for | rows |
        |---|---|---|---|
        \(manifest.sources
            .map { "| \($0.name) | \($0.licence) | \($0.usedFor.joined(separator: ", ")) | \($0.rows) |" }
            .joined(separator: "\n"))
        \(corpus)\(undisclosed)
        """
    }

    private var corpus: String {
        guard let corpus = manifest.corpus else { return "" }
        return """

            What the raw text was made of, source by source, is in `\(corpus.file)`.

            """
    }

    private var undisclosed: String {
        guard !manifest.undisclosed.isEmpty else { return "" }
        return """

            **Not disclosed.** This model was made from sources that are not disclosed in full: \
            \(manifest.undisclosed.joined(separator: "; ")).

            """
    }

    private var introduction: String {
        let heads =
            manifest.tasks.values.contains { $0.method != .tagger && $0.method != .instruct }
            ? " Linear heads and written rules were fitted on it by `shokenctl train heads`."
            : ""
        if let origin = manifest.origin, manifest.trunk == nil {
            let recipe = origin.recipe.map { " on the rows of the recipe `\($0)`" } ?? ""
            return """
                A decoder that reads MeCab's words, trained elsewhere\(recipe) (`shokenctl train export`)
                and imported by `shokenctl model import`.\(heads)
                """
        }
        guard let trunk = manifest.trunk else {
            return """
                A small model that reads Japanese nursing records, radiology reports and case reports: a
                decoder of NCVC-slm-1's kind (arXiv 2412.16423), pre-trained from nothing, with linear heads
                and written rules for the tasks below. It was made by `shokenctl train` from the recipe in
                this folder (`\(manifest.name).toml`), beside which the log of its pre-training lies.
                """
        }
        if let origin = manifest.origin {
            let recipe = origin.recipe.map { " by the recipe `\($0)`" } ?? ""
            return """
                A published model (\(trunk.architecture), \(trunk.kind.rawValue)), trained further\(recipe) on the
                data below, and imported by `shokenctl model import`.\(heads)
                """
        }
        return """
            A published model (\(trunk.architecture), \(trunk.kind.rawValue)), imported by `shokenctl model
            import`; its files are as its publisher made them, and what is known of its training is
            the publisher's to say.\(heads)
            """
    }

    private var tokenizer: String {
        guard let trunk = manifest.trunk else { return "" }
        let words = trunk.dictionaries.map { " after MeCab with the dictionary of \($0.directory)" }
        return """

            The model reads \(trunk.context) tokens at once, made by its own tokenizer \
            (`\(trunk.tokenizer)`, \(trunk.tokenizerSize) tokens\(words ?? "")).
            """
    }

    private var scores: String {
        guard case .string(let text)? = manifest.scores["card"] else { return "Not measured." }
        return text
    }
}
