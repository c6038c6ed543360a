// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Faults
import Foundation
import Tensors

/// `shokenctl model inspect analogies`: sums of token embeddings.
struct InspectAnalogiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "analogies",
        abstract: "Find the tokens nearest to A - B + C of token embeddings.",
        discussion: """
            Nearest by cosine among all tokens but special ones and those that write A, B or C. \
            Without --analogy, five about organs and their diseases. A word that is not one token is \
            the mean of its tokens' embeddings, and the output says of how many.

            With --json: [{"analogy":["A","B","C"],"tokens":[1,1,2],"nearest":[{"id","name",\
            "cosine"}]}].
            """)

    @OptionGroup var options: InspectedModelOptions
    @OptionGroup var compute: ThreadsOption

    @Option(
        help: ArgumentHelp(
            "Three words A,B,C for A - B + C; may be given again.", valueName: "a,b,c"))
    var analogy: [String] = []

    @Option(help: ArgumentHelp("How many tokens of each.", valueName: "n"))
    var top = 5

    @Flag(help: "Print JSON.")
    var json = false

    /// Those of the report on NCVC-slm-1 (arXiv 2412.16423, appendix A.3).
    private static let published = [
        ["脳出血", "脳", "消化管"], ["尿路結石", "尿路", "胆管"], ["脳卒中", "脳", "心臓"],
        ["脳梗塞", "脳", "心臓"], ["大腸癌", "大腸", "肝臓"],
    ]

    private var asked: [[String]] {
        guard !analogy.isEmpty else { return Self.published }
        return analogy.map { text in
            text.split(separator: ",", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    func validate() throws {
        guard (1...1000).contains(top) else {
            throw ValidationError("--top is a number from 1 to 1000")
        }
        for words in asked where words.count != 3 || words.contains("") {
            throw ValidationError("--analogy is three words with commas between them")
        }
    }

    func run() throws {
        ComputeThreads.set(compute.count)
        let model = try InspectedModel(options)
        let analogies = try asked.map { words in
            let ids = try words.map { word in
                guard let ids = model.ids(ofWord: word) else {
                    throw CommandFailure(
                        .badData,
                        "the tokenizer of \(model.place) lacks a character of \(word); name words "
                            + "that it knows with --analogy")
                }
                return ids
            }
            return Analogy(words: words, ids: ids)
        }
        let found = try NearestTokens(model).nearest(to: analogies, count: top)
        if json { return try printJSON(zip(analogies, found).map(AnalogyReport.init)) }
        for (index, (analogy, nearest)) in zip(analogies, found).enumerated() {
            if index > 0 { print("") }
            print(analogy.title)
            TextTable(
                columns: ["TOKEN", "ID", "COSINE"],
                rows: nearest.map { [$0.name, "\($0.id)", String(format: "%.2f", $0.cosine)] }
            ).print()
        }
    }
}

/// A - B + C, with the tokens of each word.
struct Analogy {
    let words: [String]
    let ids: [[Int32]]

    /// The sum, with the words that are means of several tokens.
    var title: String {
        let parts = zip(words, ids).map { $1.count > 1 ? "\($0) (mean of \($1.count) tokens)" : $0 }
        return "\(parts[0]) - \(parts[1]) + \(parts[2])"
    }
}

/// A token near a sum.
struct NearToken: Encodable {
    let id: Int32
    let name: String
    let cosine: Float
}

private struct AnalogyReport: Encodable {
    let analogy: [String]
    let tokens: [Int]
    let nearest: [NearToken]

    init(_ analogy: Analogy, _ nearest: [NearToken]) {
        self.analogy = analogy.words
        (tokens, self.nearest) = (analogy.ids.map(\.count), nearest)
    }
}

/// A search through all tokens of a model.
struct NearestTokens {
    private static let tokensAtOnce = 4096

    private let model: InspectedModel

    init(_ model: InspectedModel) { self.model = model }

    /// The tokens with the largest cosine to each sum, names that stand there already left out.
    func nearest(to analogies: [Analogy], count: Int) throws -> [[NearToken]] {
        let targets = try targets(analogies)
        let ids = model.tokens.filter { !model.isSpecial($0) }
        var cosines = [[Float]](repeating: [], count: analogies.count)
        for start in stride(from: 0, to: ids.count, by: Self.tokensAtOnce) {
            let part = Array(ids[start..<min(start + Self.tokensAtOnce, ids.count)])
            var rows = try model.vectors(of: part.map { [$0] })
            Self.normalize(&rows)
            let products = MatrixProduct.product(targets, rows, transposeB: true)
            for index in analogies.indices {
                cosines[index] += products.values[index * part.count..<(index + 1) * part.count]
            }
        }
        return zip(analogies, cosines).map { analogy, cosines in
            var names = Set(analogy.words)
            let own = Set(analogy.ids.filter { $0.count == 1 }.flatMap { $0 })
            var nearest: [NearToken] = []
            for place in ids.indices.sorted(by: { (cosines[$0], $1) > (cosines[$1], $0) }) {
                guard nearest.count < count else { break }
                let (id, name) = (ids[place], model.name(of: ids[place]))
                guard !own.contains(id), names.insert(name).inserted else { continue }
                nearest.append(NearToken(id: id, name: name, cosine: cosines[place]))
            }
            return nearest
        }
    }

    private func targets(_ analogies: [Analogy]) throws -> Tensor {
        let vectors = try model.vectors(of: analogies.flatMap(\.ids))
        let width = vectors.columns
        var targets = Tensor(zeros: [analogies.count, width])
        for index in analogies.indices {
            for column in 0..<width {
                let (a, b, c) = (
                    vectors.values[(3 * index) * width + column],
                    vectors.values[(3 * index + 1) * width + column],
                    vectors.values[(3 * index + 2) * width + column]
                )
                targets.values[index * width + column] = a - b + c
            }
        }
        Self.normalize(&targets)
        return targets
    }

    /// Gives each row length 1; one of zeros stays.
    private static func normalize(_ rows: inout Tensor) {
        let width = rows.columns
        for row in 0..<rows.rows {
            var sum: Double = 0
            for place in row * width..<(row + 1) * width {
                sum += Double(rows.values[place]) * Double(rows.values[place])
            }
            let factor = sum > 0 ? Float(1 / sum.squareRoot()) : 0
            for place in row * width..<(row + 1) * width { rows.values[place] *= factor }
        }
    }
}
