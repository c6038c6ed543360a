// SPDX-License-Identifier: Apache-2.0
import Foundation
import Tensors
import Testing
import WeightFiles

@Suite struct SafetensorsFolderTests {
    let first = Tensor(shape: [2], values: [1, 2])
    let second = Tensor(shape: [1, 1], values: [3])

    @Test("shards are read through the index")
    func shards() throws {
        let file = try TemporaryFile("model.safetensors.index.json")
        let folder = file.directory
        try SafetensorsWriter.write(["a": first], to: folder.appending(path: "one.safetensors"))
        try SafetensorsWriter.write(["b": second], to: folder.appending(path: "two.safetensors"))
        try index(["a": "one.safetensors", "b": "two.safetensors"], file.url)
        let source = try SafetensorsFolder(folder)
        #expect(source.names == ["a", "b"])
        #expect(try source.tensor("a") == first)
        #expect(try source.tensor("b", shape: [1, 1]) == second)
        #expect(throws: WeightFileError.missingTensor(file: source.path, tensor: "c")) {
            try source.tensor("c")
        }
    }

    @Test("an index may not lead out of its folder", arguments: ["../x", "/etc/x", "", ".hidden"])
    func escape(shard: String) throws {
        let file = try TemporaryFile("model.safetensors.index.json")
        try index(["a": shard], file.url)
        let error = #expect(throws: WeightFileError.self) {
            try SafetensorsFolder(file.directory)
        }
        guard case .shardName(_, "a") = error else {
            Issue.record("the shard's name should be refused")
            return
        }
    }

    @Test("a tensor that its shard does not hold is named")
    func missing() throws {
        let file = try TemporaryFile("model.safetensors.index.json")
        let shard = file.directory.appending(path: "one.safetensors")
        try SafetensorsWriter.write(["a": first], to: shard)
        try index(["a": "one.safetensors", "b": "one.safetensors"], file.url)
        #expect(
            throws: WeightFileError.missingTensor(
                file: try SafetensorsFile(shard).path, tensor: "b")
        ) { try SafetensorsFolder(file.directory) }
    }

    @Test("the single file goes before an index")
    func single() throws {
        let file = try TemporaryFile("model.safetensors.index.json")
        try SafetensorsWriter.write(
            ["a": first], to: file.directory.appending(path: "model.safetensors"))
        try index(["z": "none.safetensors"], file.url)
        #expect(try SafetensorsFolder(file.directory).names == ["a"])
    }

    private func index(_ map: [String: String], _ url: URL) throws {
        try JSONEncoder().encode(["weight_map": map]).write(to: url)
    }
}
