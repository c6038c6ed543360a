// SPDX-License-Identifier: Apache-2.0
import Foundation
import LanguageModel
import ModelTestSupport
import Tensors
import TestSupport
import Testing

@Suite("Attention that is looked at")
struct AttentionStageTests {
    @Test(
        "weights times values are what the forward pass computes",
        arguments: TinyModels.names, [false, true])
    func weights(name: String, bidirectional: Bool) throws {
        let folder = try TemporaryFolder()
        try TinyModels.write(name, to: folder["model"])
        let model = try DecoderModel(directory: folder["model"], precision: .float32)
        let tokens = (0..<24).map { Int32(($0 * 37 + 5) % 96) }
        var layers = 0
        try model.observeAttention(tokens, bidirectional: bidirectional) { layer, stage in
            #expect(layer == layers)
            layers += 1
            let attention = stage.attention
            let (heads, width) = (attention.heads, attention.headWidth)
            var mean = Tensor(zeros: [24, 24])
            for head in 0..<heads {
                let weights = stage.weights(heads: head..<head + 1)
                let column = head / (heads / attention.keyValueHeads) * width
                for row in 0..<24 {
                    var sum: Float = 0
                    var attended = [Float](repeating: 0, count: width)
                    for key in 0..<24 {
                        let weight = weights.values[row * 24 + key]
                        if !bidirectional, key > row { #expect(weight == 0) }
                        sum += weight
                        mean.values[row * 24 + key] += weight / Float(heads)
                        for place in 0..<width {
                            attended[place] +=
                                weight
                                * stage.v.values[key * stage.v.columns + column + place]
                        }
                    }
                    #expect(abs(sum - 1) < 1e-5)
                    let start = row * stage.attended.columns + head * width
                    let expected = stage.attended.values[start..<start + width]
                    let difference = zip(attended, expected).map { abs($0 - $1) }.max() ?? 1
                    #expect(difference < 1e-5, "\(layer), head \(head), row \(row)")
                }
            }
            #expect(largestDifference(stage.weights(), mean) < 1e-6)
        }
        #expect(layers == model.configuration.numHiddenLayers)
    }

    @Test("ids that the model lacks are an error")
    func errors() throws {
        let folder = try TemporaryFolder()
        try TinyModels.write("llama", to: folder["model"])
        let model = try DecoderModel(directory: folder["model"])
        #expect(throws: TrunkError.self) {
            try model.observeAttention([1, 96], bidirectional: false) { _, _ in }
        }
    }
}
