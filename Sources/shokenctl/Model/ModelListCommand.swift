// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Configuration
import DocumentPipeline
import Faults
import ModelBundle

/// `shokenctl model list`: the bundles of this site.
struct ModelListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the installed models; * marks the one in use.")

    @OptionGroup var common: CommonOptions

    private struct Line: Encodable {
        let name: String
        let version: String
        let createdAt: String
        let tasks: [String]
        let licence: String
        let active: Bool
        let error: String?

        enum CodingKeys: String, CodingKey {
            case name, version, tasks, licence, active, error
            case createdAt = "created_at"
        }
    }

    func run() throws {
        let configuration = try common.configured()
        let registry = configuration.registry
        let active = registry.activeName() ?? configuration.activeModel
        let lines = registry.names().map { name in
            do {
                let manifest = try registry.bundle(name).manifest
                return Line(
                    name: name, version: manifest.version, createdAt: manifest.createdAt,
                    tasks: manifest.tasks.keys.sorted(), licence: manifest.licence,
                    active: name == active, error: nil)
            } catch {
                return Line(
                    name: name, version: "", createdAt: "", tasks: [], licence: "",
                    active: name == active,
                    error: explained(error).explanation)
            }
        }
        if common.json { return try printJSON(lines) }
        TextTable(
            columns: ["", "name", "version", "made", "tasks", "licence"],
            rows: lines.map {
                [
                    $0.active ? "*" : "", $0.name, $0.version, String($0.createdAt.prefix(10)),
                    $0.error ?? $0.tasks.joined(separator: " "), $0.licence,
                ]
            }, widest: 60
        ).print()
    }
}
