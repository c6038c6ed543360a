// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import WeightFiles

@Suite struct SafetensorsShardsTests {
    static let tensors = [
        PlannedTensor(name: "c", shape: [4], type: .float32),
        PlannedTensor(name: "a", shape: [2, 8], type: .bfloat16),
        PlannedTensor(name: "ids", shape: [2], type: .signed64),
        PlannedTensor(name: "b", shape: [16], type: .float32),
    ]

    @Test(
        "tensors are divided in order, and one that is larger than the limit stands alone",
        arguments: [
            (Int?.none, [4]), (1000, [4]), (64, [3, 1]), (48, [2, 1, 1]), (1, [1, 1, 1, 1]),
        ])
    func division(limit: Int?, counts: [Int]) {
        let shards = SafetensorsShards(Self.tensors, limit: limit)
        #expect(shards.files.map(\.tensors.count) == counts)
        #expect(shards.files.flatMap(\.tensors) == Self.tensors)
        #expect(shards.byteCount == 16 + 32 + 16 + 64)
        #expect(
            shards.files.last?.name
                == (counts.count == 1
                    ? "model.safetensors"
                    : "model-0000\(counts.count)-of-0000\(counts.count).safetensors"))
    }

    @Test("a folder of several files is read as one", arguments: [Int?.none, 48])
    func roundTrip(limit: Int?) throws {
        let file = try TemporaryFile()
        try SafetensorsShards(Self.tensors, limit: limit).write(to: file.directory) { sink in
            if sink.tensor.name == "ids" {
                try sink.append(bytes: Array(0..<16))
            } else {
                try sink.append((0..<sink.tensor.count).map(Float.init))
            }
        }
        let folder = try SafetensorsFolder(file.directory)
        #expect(folder.names == ["a", "b", "c", "ids"])
        #expect(try folder.tensor("a").values == (0..<16).map(Float.init))
        #expect(try folder.tensor("a", rows: 1..<2).values == (8..<16).map(Float.init))
        #expect(try folder.tensor("b", rows: 3..<5) == Tensor(shape: [2], values: [3, 4]))
        #expect(folder.storage(of: "a") == .bfloat16)
        #expect(try folder.bytes(of: "ids", 8..<16) == Array(8..<16))
    }

    @Test("a name that stands twice is refused")
    func twice() throws {
        let file = try TemporaryFile()
        let plan = [Self.tensors[0], Self.tensors[0]]
        #expect(throws: WeightFileError.reservedName(tensor: "c")) {
            try SafetensorsWriter.write(plan, to: file.url) { try $0.append([1, 2, 3, 4]) }
        }
    }
}
