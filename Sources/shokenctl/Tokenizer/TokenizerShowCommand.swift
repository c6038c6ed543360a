// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Tokenizers

/// `shokenctl tokenizer show`: what a tokenizer is made of.
struct TokenizerShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a tokenizer is made of, or why it cannot be used.",
        discussion: """
            A tokenizer that is shown is supported in all its parts. One that is not is refused \
            with the name of the field that is not supported.
            """)

    @OptionGroup var option: TokenizerOption
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() throws {
        let tokenizer = try option.open()
        let summary = tokenizer.summary
        if json { return try printJSON(summary) }
        func list(_ steps: [String]) -> String {
            steps.isEmpty ? "none" : steps.joined(separator: "\n               ")
        }
        func tokens(_ ids: [Int32]) -> String {
            let names = ids.map { "\($0) \((tokenizer.piece(of: $0) ?? "").debugDescription)" }
            return names.isEmpty ? "none" : names.joined(separator: ", ")
        }
        print("source         \(summary.source)")
        print("model          \(summary.model)")
        print("vocabulary     \(summary.vocabularySize)")
        print("normaliser     \(list(summary.normalizer))")
        print("pre-tokeniser  \(list(summary.preTokenizer))")
        print("decoder        \(list(summary.decoder))")
        print("before a text  \(tokens(tokenizer.tokensBefore))")
        print("after a text   \(tokens(tokenizer.tokensAfter))")
        print("\nSpecial tokens")
        TextTable(
            columns: ["id", "token"],
            rows: summary.specialTokens.map { [String($0.id), $0.content.debugDescription] }
        ).print()
    }
}
