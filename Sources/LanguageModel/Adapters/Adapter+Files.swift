// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
package import Tensors
import WeightFiles

/// The folder of an adapter as the PEFT library has it: `adapter_config.json` and
/// `adapter_model.safetensors`.
extension Adapter {
    /// What stands before a layer's name in the names of tensors.
    private static let prefix = "base_model.model."
    private static let settingsFile = "adapter_config.json"
    private static let tensorsFile = "adapter_model.safetensors"

    /// The name of a layer's A in the file.
    package static func downName(_ module: String) -> String { "\(prefix)\(module).lora_A.weight" }
    /// The name of a layer's B in the file.
    package static func upName(_ module: String) -> String { "\(prefix)\(module).lora_B.weight" }

    /// Reads a folder and checks every tensor against the decoder that it is for.
    ///
    /// Nothing is read before all shapes are known to fit. Throws `ModelConfigurationError`,
    /// `WeightFileError` or ``AdapterError``, which name the file and what in it is wrong.
    package init(directory: URL, configuration: DecoderConfiguration) throws {
        let fields = try ConfigurationFields(
            file: directory.appending(path: Self.settingsFile))
        let settings = try PEFTConfiguration.settings(fields)
        let modules = try configuration.adapterModules(settings.targets, file: fields.file)
        let file = try SafetensorsFile(directory.appending(path: Self.tensorsFile))
        var expected: Set<String> = []
        for module in modules {
            let (down, up) = (Self.downName(module.name), Self.upName(module.name))
            // The library takes `all-linear` without layers that it does not know as linear.
            let isAbsent = file.shape(of: down) == nil && file.shape(of: up) == nil
            if settings.targets == .all, isAbsent { continue }
            try file.check(down, shape: [settings.rank, module.columns])
            try file.check(up, shape: [module.rows, settings.rank])
            expected.formUnion([down, up])
        }
        for name in file.names where !expected.contains(name) {
            throw AdapterError.tensor(file: file.path, tensor: name)
        }
        var pairs: [String: LowRankPair] = [:]
        for module in modules where expected.contains(Self.downName(module.name)) {
            pairs[module.name] = LowRankPair(
                down: try file.tensor(Self.downName(module.name)),
                up: try file.tensor(Self.upName(module.name)))
        }
        guard !pairs.isEmpty else { throw AdapterError.empty(file: file.path) }
        self.init(settings: settings, pairs: pairs)
    }

    /// Writes the folder, which appears whole or not at all; with `replaces`, in the place of another.
    ///
    /// Throws `FileError` or `WeightFileError`.
    ///
    /// - Parameter head: what was trained whole beside the adapter; nil for a model of the next token.
    package func write(
        to directory: URL, replaces: Bool = false, head: AdaptedHead? = nil
    ) throws {
        try NewFolder.write(to: directory, replaces: replaces) { folder in
            var tensors: [String: Tensor] = [:]
            for (module, pair) in pairs {
                tensors[Self.downName(module)] = pair.down
                tensors[Self.upName(module)] = pair.up
            }
            for (name, tensor) in head?.tensors ?? [:] { tensors[Self.prefix + name] = tensor }
            try SafetensorsWriter.write(
                tensors, storage: .float32, metadata: ["format": "pt"],
                to: folder.appending(path: Self.tensorsFile))
            try DiskFiles().write(
                PEFTConfiguration.json(settings, head: head),
                to: FilePath(folder.appending(path: Self.settingsFile)))
        }
    }
}

/// A head that was trained whole beside an adapter, as PEFT's `modules_to_save`.
package struct AdaptedHead: Hashable, Sendable {
    /// What PEFT calls the task: `TOKEN_CLS`, `SEQ_CLS` or `FEATURE_EXTRACTION`.
    package var task: String
    /// Its layers by their published names.
    package var modules: [String]
    /// Its tensors by their published names.
    package var tensors: [String: Tensor]

    /// A head of these parts.
    package init(task: String, modules: [String], tensors: [String: Tensor]) {
        (self.task, self.modules, self.tensors) = (task, modules, tensors)
    }
}
