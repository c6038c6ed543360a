import Configuration
import DocumentPipeline
import Foundation
import ModelBundle

extension CommonOptions {
    /// The configuration, checked.
    func configured() throws -> ServiceConfiguration {
        try ServiceConfiguration(file: config)
    }

    /// The bundle of a name or directory; without either the active one of the configuration.
    ///
    /// A directory needs no configuration, so that a bundle can be tried on any machine.
    func bundle(_ model: String?) throws -> BundleDirectory {
        if let model, isDirectory(model) {
            return try BundleDirectory(directory: URL(fileURLWithPath: model))
        }
        let configuration = try configured()
        let registry = configuration.registry
        return try registry.bundle(model ?? registry.activeName() ?? configuration.activeModel)
    }

    /// The database of the configured instance.
    func databaseFile() throws -> URL {
        URL(filePath: try configured().databaseFile)
    }

    /// Loads a bundle with the configured dictionaries, or the standard ones where no configuration
    /// file is.
    func load(_ bundle: BundleDirectory) throws -> LoadedModel {
        let settings =
            FileManager.default.fileExists(atPath: config)
            ? try configured() : try ServiceConfiguration(toml: "", file: config)
        return try LoadedModel(bundle: bundle, settings: settings)
    }

    private func isDirectory(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return path.contains("/")
            && FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
            && isDirectory.boolValue
    }
}
