// SPDX-License-Identifier: Apache-2.0
import Curation
import DurableFiles
import Faults
import Foundation
import Generation
import JSONFiles
import Tensors
import Terminology

/// Something that a text is written about.
struct TextbookTopic: Hashable {
    let topic: String
    let kind: TopicKind
    /// The list that names it, with the beginning of its SHA-256.
    let source: String

    /// The topics of all lists in their order, each once; blank lines are none.
    static func read(
        topics: [String], diseases: (files: [String], format: TermFileFormat?),
        drugs: (files: [String], format: TermFileFormat?), asWritten: Bool
    ) throws -> [TextbookTopic] {
        var found: [TextbookTopic] = []
        for file in topics {
            let content = try InputFile.data(file)
            guard let text = String(validating: content, as: UTF8.self) else {
                throw CommandFailure(.badData, "\(file) is not UTF-8")
            }
            let name = URL(filePath: file).lastPathComponent
            let source = "\(name)@\(ContentDigest(of: content).hexadecimal.prefix(12))"
            for line in text.split(whereSeparator: \.isNewline) {
                let topic = line.trimmingCharacters(in: .whitespaces)
                if !topic.isEmpty {
                    found.append(TextbookTopic(topic: topic, kind: .other, source: source))
                }
            }
        }
        for (lists, kind) in [(diseases, TopicKind.disease), (drugs, .drug)] {
            for file in lists.files {
                let list = try TermFile(FilePath(file), format: lists.format)
                for term in list.terms {
                    let name = asWritten ? term.surface : term.standardName ?? term.surface
                    found.append(TextbookTopic(topic: name, kind: kind, source: list.identity))
                }
            }
        }
        var seen: Set<String> = []
        return found.filter { seen.insert("\($0.kind.rawValue) \($0.topic)").inserted }
    }
}

/// A text that is to be written.
struct TextbookRequest {
    let topic: TextbookTopic
    let prompt: TextbookPrompt
    let version: Int

    init(_ topic: TextbookTopic, _ prompt: TextbookPrompt, version: Int) {
        (self.topic, self.prompt, self.version) = (topic, prompt, version)
    }
}

/// A text with where it is from.
private struct WrittenTextbook: Encodable {
    struct Sampling: Encodable {
        let temperature: Float
        let topK: Int
        let topP: Float
        let repetitionPenalty: Float
        let maxNew: Int
    }

    let id: String
    let text: String
    let kind: String
    let topic: String
    let source: String
    let prompt: String
    let promptDigest: String
    let version: Int
    let model: String
    let digest: String
    let arithmetic: String
    let seed: UInt64
    let sampling: Sampling
    /// `stop`, or `limit` where the text was cut.
    let finish: String
}

/// Has a model write texts, many at once.
struct TextbookWriter {
    let asked: QualityModel
    let sampling: SamplingSettings
    let limit: Int
    let seed: UInt64
    let stops: Set<Int32>
    let budget: ServingBudget

    /// The texts as lines, with counts; `first` is the number of the first of them among all.
    func write(
        _ requests: [TextbookRequest], first: Int, progress: (Double) -> Void
    ) throws -> (lines: Data, counts: [String: Int]) {
        // One stream of random numbers a text, so that a text is the same in any company.
        let seeds = requests.indices.map { SplitMix64.number(UInt64(first + $0 + 1), of: seed) }
        let serving = try zip(requests, seeds).map { request, seed in
            var generation = GenerationRequest(
                prompt: try prompt(of: request), limit: limit)
            generation.sampling = sampling
            generation.seed = seed
            generation.stopTokens = stops
            generation.text = StreamedText(asked.text.tokenBytes)
            return ServingRequest.generation(generation)
        }
        var tokens = 0
        let served: [ServingResult]
        do {
            served = try asked.trunk.serve(serving, budget: budget) { events, _ in
                tokens += events.count
                progress(Double(tokens) / Double(limit * requests.count))
            }.results
        } catch let refused as RefusedRequest {
            let request = requests[refused.index]
            throw CommandFailure(
                .badData,
                "the prompt \(request.prompt.name) of topic \(first + refused.index + 1): "
                    + refused.reason.explanation)
        }
        var lines = Data()
        var counts: [String: Int] = [:]
        for (index, result) in served.enumerated() {
            guard case .generation(let result) = result else { continue }
            let text = (result.text ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
            if text.isEmpty { counts["empty", default: 0] += 1 }
            let isCut = result.reason == .limit
            if isCut { counts["limit", default: 0] += 1 }
            counts["tokens", default: 0] += result.tokens.count
            lines += try JSONEncoder.sorted().encode(
                line(requests[index], text, seed: seeds[index], isCut: isCut))
            lines.append(UInt8(ascii: "\n"))
        }
        return (lines, counts)
    }

    private func prompt(of request: TextbookRequest) throws -> [Int32] {
        let text = request.prompt.text(about: request.topic.topic)
        guard asked.text.isChat else {
            let parts = [request.prompt.system, text].compactMap { $0 }
            return try asked.text.prompt(
                parts.joined(separator: "\n\n") + "\n\n", chat: false, system: nil
            ).ids
        }
        return try asked.text.prompt(text, chat: true, system: request.prompt.system).ids
    }

    private func line(
        _ request: TextbookRequest, _ text: String, seed: UInt64, isCut: Bool
    ) -> WrittenTextbook {
        let topic = request.topic
        return WrittenTextbook(
            id: "\(request.prompt.name)/\(topic.topic)/\(request.version)", text: text,
            kind: topic.kind.rawValue, topic: topic.topic, source: topic.source,
            prompt: request.prompt.name, promptDigest: request.prompt.digest,
            version: request.version, model: asked.facts["model"] ?? "",
            digest: asked.facts["digest"] ?? "", arithmetic: asked.facts["arithmetic"] ?? "",
            seed: seed,
            sampling: .init(
                temperature: sampling.temperature, topK: sampling.topK, topP: sampling.topP,
                repetitionPenalty: sampling.repetitionPenalty, maxNew: limit),
            finish: isCut ? "limit" : "stop")
    }
}
