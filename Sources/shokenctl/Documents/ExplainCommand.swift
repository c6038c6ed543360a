// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import ResultStore

/// `shokenctl explain`: why a recorded document got its findings.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a recorded document got its findings, sentence by sentence.",
        discussion: """
            Below each sentence stands what was found in it: what is said of it and by which words, what \
            found it and how sure that is, the rule and the words behind each category of TNM and each \
            pair of drug and reaction; then what holds for the document as a whole. The document is named as \
            for show. With --json: {"sentences":[{"start","stop","text","reasons"}],"conclusions"}.

            Examples:
              shokenctl explain 12
              shokenctl explain hl7v2:R2026051100042 --json
            """)

    @Argument(help: "Number, key, or sender's identifier of the document.")
    var document: String

    @OptionGroup var common: CommonOptions

    func run() throws {
        let reader = try ResultReader(file: common.databaseFile())
        let explanation = DocumentExplanation(of: try reader.onlyDocument(named: document))
        if common.json { return try printJSON(explanation) }
        let isTerminal = isatty(STDOUT_FILENO) == 1
        /// On one line, and on a terminal without what would steer it.
        func shown(_ text: String) -> String {
            let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
                scalar == "\n" ? "⏎" : isTerminal && scalar.steersTerminal ? " " : scalar
            }
            return String(String.UnicodeScalarView(scalars))
        }
        for sentence in explanation.sentences {
            print(shown(sentence.text))
            for reason in sentence.reasons { print("  " + shown(reason)) }
        }
        for line in explanation.conclusions { print(line) }
        if explanation.sentences.isEmpty, explanation.conclusions.isEmpty {
            FileHandle.standardError.write(Data("shokenctl: nothing was found in it\n".utf8))
        }
    }
}
