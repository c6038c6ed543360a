// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Foundation
import Tokenizers

/// Text to words, as the tokenizer takes them.
struct TokenizerWordsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "words",
        abstract: "Print the words of each line of the standard input, with spaces between them.",
        discussion: """
            The text is cleaned as for training and cut with MeCab. Lines are worked on at the \
            same time on all --threads and printed in order; from a terminal, each at once.
            """)

    /// Bytes of lines that are gathered for each thread.
    private static let bytesPerThread = 128 << 10

    @OptionGroup var options: WordSourceOptions

    func run() throws {
        let source = try WordSource(options)
        let isTyped = isatty(STDIN_FILENO) == 1
        try source.map(
            lines: { readLine() }, gathering: isTyped ? 0 : Self.bytesPerThread,
            { UnigramTokenizer.text(of: source.words(of: $0)) }, { print($0) })
    }
}
