// SPDX-License-Identifier: Apache-2.0
import Faults
import Configuration
import DocumentPipeline
import Foundation
import ModelBundle

extension CommonOptions {
    /// The configuration, checked.
    func configured() throws -> ServiceConfiguration {
        try ServiceConfiguration(file: config)
    }

    /// The configuration, or the defaults where there is no file and none was named.
    func settings() throws -> ServiceConfiguration {
        hasConfiguration ? try configured() : try ServiceConfiguration(toml: "", file: config)
    }

    private var hasConfiguration: Bool {
        config != Self.standardConfiguration || FileManager.default.fileExists(atPath: config)
    }

    /// The bundle of a name or directory; without either the active one of the configuration.
    ///
    /// A directory needs no configuration, so that a bundle can be tried on any machine, and a machine
    /// without one has the bundles that were installed with the program.
    func bundle(_ model: String?) throws -> BundleDirectory {
        if let model, isDirectory(model) {
            return try BundleDirectory(directory: URL(fileURLWithPath: model))
        }
        let settings = try settings()
        if hasConfiguration {
            let registry = settings.registry
            return try registry.bundle(model ?? registry.activeName() ?? settings.activeModel)
        }
        for registry in [settings.registry] + ModelRegistry.installed {
            let name = model ?? registry.activeName() ?? settings.activeModel
            if registry.names().contains(name) { return try registry.bundle(name) }
        }
        throw CommandFailure(
            .unavailable,
            "there is neither a configuration file \(config) nor a model "
                + "\(model ?? settings.activeModel) beside the program; name one with --model DIR "
                + "or --config FILE")
    }

    /// The database of the configured instance.
    func databaseFile() throws -> URL {
        URL(filePath: try configured().databaseFile)
    }

    /// Loads a bundle with the configured dictionaries, or the standard ones where no configuration
    /// file is.
    func load(_ bundle: BundleDirectory) throws -> LoadedModel {
        try LoadedModel(bundle: bundle, settings: settings())
    }

    private func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return path.contains("/")
            && FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && isDirectory.boolValue
    }
}

extension ModelRegistry {
    /// Where bundles lie that came with the program: below its prefix, beside it, or in the checkout
    /// that it was built in.
    fileprivate static var installed: [ModelRegistry] {
        let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent()
        var directories = [
            program.deletingLastPathComponent().appending(path: "share/shoken/models"),
            program.appending(path: "models"),
        ]
        let components = program.pathComponents
        if let build = components.lastIndex(of: ".build") {
            directories.append(
                URL(filePath: components[1..<build].reduce("") { $0 + "/" + $1 }).appending(
                    path: "models"))
        }
        return directories.map { ModelRegistry(directory: $0) }
    }
}
