// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import Tokenizers

/// Lines of text to lines of tokens.
struct TokenizerEncodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "encode",
        abstract: "Turn each line of the standard input into tokens.",
        discussion: """
            Prints one JSON object a line: ids and pieces, and with --offsets where each piece \
            begins and ends in the line, in Unicode scalars; tokens that a post-processor adds are \
            left out. The text is taken as it is: for a tokenizer that Shoken trained, give it \
            the output of `shokenctl tokenizer words` to see what the model sees.
            """)

    @OptionGroup var option: TokenizerOption
    @Flag(name: .long, help: "Print offsets too.")
    var offsets = false
    @Flag(name: .long, help: "Each line of the input is a JSON string.")
    var jsonl = false

    func run() throws {
        let tokenizer = try option.open()
        var number = 0
        while let line = readLine() {
            number += 1
            let text = jsonl ? try Self.text(ofJSON: line, number) : line
            try printJSON(EncodedLine(tokenizer.encode(text), withOffsets: offsets))
        }
    }

    private static func text(ofJSON line: String, _ number: Int) throws -> String {
        do {
            return try JSONDecoder().decode(String.self, from: Data(line.utf8))
        } catch {
            throw CommandFailure(.badData, "line \(number) of the input is not a JSON string")
        }
    }
}

/// One line of output of `tokenizer encode`.
private struct EncodedLine: Encodable {
    let ids: [Int32]
    let pieces: [String]
    let offsets: [[Int]]?

    init(_ tokens: [TokenPiece], withOffsets: Bool) {
        ids = tokens.map(\.id)
        pieces = tokens.map(\.piece)
        offsets = withOffsets ? tokens.map { [$0.start, $0.end] } : nil
    }
}

/// Lines of ids to lines of text.
struct TokenizerDecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode",
        abstract: "Turn each line of ids on the standard input into text.",
        discussion: """
            A line is a JSON list of ids, or an object with `ids` as `encode` prints it; the \
            text is printed as a JSON string, for it may hold line breaks.
            """)

    @OptionGroup var option: TokenizerOption
    @Flag(name: .long, help: "Leave special tokens out.")
    var skipSpecial = false

    func run() throws {
        let tokenizer = try option.open()
        var number = 0
        while let line = readLine() {
            number += 1
            let ids = try Self.ids(of: line, number)
            if let unknown = ids.first(where: { tokenizer.piece(of: $0) == nil }) {
                throw CommandFailure(
                    .badData, "line \(number): there is no token \(unknown)")
            }
            try printJSON(tokenizer.decode(ids, skippingSpecial: skipSpecial))
        }
    }

    private static func ids(of line: String, _ number: Int) throws -> [Int32] {
        struct Object: Decodable {
            let ids: [Int32]
        }
        let data = Data(line.utf8)
        if let ids = try? JSONDecoder().decode([Int32].self, from: data) { return ids }
        if let object = try? JSONDecoder().decode(Object.self, from: data) { return object.ids }
        throw CommandFailure(.badData, "line \(number) of the input is no list of token ids")
    }
}
