// Made by `npm run api` from `pleiad openapi`; do not edit.
/* eslint-disable */
export interface paths {
    "/access/acl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_acl"];
        put: operations["put_access_acl"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_domains"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/domains/{realm}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_domains__realm_"];
        put: operations["put_access_domains__realm_"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_groups"];
        put?: never;
        post: operations["post_access_groups"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/groups/{groupid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_groups__groupid_"];
        put: operations["put_access_groups__groupid_"];
        post?: never;
        delete: operations["delete_access_groups__groupid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["put_access_password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_permissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_roles"];
        put?: never;
        post: operations["post_access_roles"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/roles/{roleid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_roles__roleid_"];
        put: operations["put_access_roles__roleid_"];
        post?: never;
        delete: operations["delete_access_roles__roleid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_ticket"];
        put?: never;
        post: operations["post_access_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_users"];
        put?: never;
        post: operations["post_access_users"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/users/{userid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_users__userid_"];
        put: operations["put_access_users__userid_"];
        post?: never;
        delete: operations["delete_access_users__userid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/users/{userid}/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_users__userid__token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/users/{userid}/token/{tokenid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_access_users__userid__token__tokenid_"];
        put: operations["put_access_users__userid__token__tokenid_"];
        post: operations["post_access_users__userid__token__tokenid_"];
        delete: operations["delete_access_users__userid__token__tokenid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/access/vncticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_access_vncticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/backup-info/not-backed-up": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_backup_info_not_backed_up"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/mapping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_mapping"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/mapping/dir": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_mapping_dir"];
        put?: never;
        post: operations["post_cluster_mapping_dir"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/mapping/dir/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_mapping_dir__id_"];
        put: operations["put_cluster_mapping_dir__id_"];
        post?: never;
        delete: operations["delete_cluster_mapping_dir__id_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/mapping/pci": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_mapping_pci"];
        put?: never;
        post: operations["post_cluster_mapping_pci"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/mapping/pci/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_mapping_pci__id_"];
        put: operations["put_cluster_mapping_pci__id_"];
        post?: never;
        delete: operations["delete_cluster_mapping_pci__id_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/mapping/usb": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_mapping_usb"];
        put?: never;
        post: operations["post_cluster_mapping_usb"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/mapping/usb/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_mapping_usb__id_"];
        put: operations["put_cluster_mapping_usb__id_"];
        post?: never;
        delete: operations["delete_cluster_mapping_usb__id_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/nextid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_nextid"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_options"];
        put: operations["put_cluster_options"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/qemu": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_qemu"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/qemu/cpu-flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_qemu_cpu_flags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/qemu/custom-cpu-models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_qemu_custom_cpu_models"];
        put?: never;
        post: operations["post_cluster_qemu_custom_cpu_models"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/qemu/custom-cpu-models/{cputype}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_qemu_custom_cpu_models__cputype_"];
        put: operations["put_cluster_qemu_custom_cpu_models__cputype_"];
        post?: never;
        delete: operations["delete_cluster_qemu_custom_cpu_models__cputype_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/replication": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_replication"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_resources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/cluster/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_cluster_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node_"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/aplinfo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__aplinfo"];
        put?: never;
        post: operations["post_nodes__node__aplinfo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/apt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__apt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/apt/update": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__apt_update"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/apt/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__apt_versions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__capabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/capabilities/qemu": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__capabilities_qemu"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/capabilities/qemu/cpu": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__capabilities_qemu_cpu"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/capabilities/qemu/cpu-flags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__capabilities_qemu_cpu_flags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/capabilities/qemu/machines": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__capabilities_qemu_machines"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/capabilities/qemu/migration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__capabilities_qemu_migration"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/certificates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__certificates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/certificates/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__certificates_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__config"];
        put: operations["put_nodes__node__config"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__disks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/directory": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__disks_directory"];
        put?: never;
        post: operations["post_nodes__node__disks_directory"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/directory/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__disks_directory__name_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/initgpt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__disks_initgpt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__disks_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/lvm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__disks_lvm"];
        put?: never;
        post: operations["post_nodes__node__disks_lvm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/lvm/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__disks_lvm__name_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/lvmthin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__disks_lvmthin"];
        put?: never;
        post: operations["post_nodes__node__disks_lvmthin"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/lvmthin/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__disks_lvmthin__name_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/smart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__disks_smart"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/disks/wipedisk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["put_nodes__node__disks_wipedisk"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/dns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__dns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/hardware": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__hardware"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/hardware/pci": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__hardware_pci"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/hardware/pci/{pci-id-or-mapping}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__hardware_pci__pci_id_or_mapping_"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/hardware/pci/{pci-id-or-mapping}/mdev": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__hardware_pci__pci_id_or_mapping__mdev"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/hardware/usb": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__hardware_usb"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/hosts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__hosts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/journal": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__journal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc"];
        put?: never;
        post: operations["post_nodes__node__lxc"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid_"];
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__lxc__vmid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__clone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__config"];
        put: operations["put_nodes__node__lxc__vmid__config"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/feature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__feature"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/interfaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__interfaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/move_volume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__move_volume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__pending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/resize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["put_nodes__node__lxc__vmid__resize"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/rrddata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__rrddata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__snapshot"];
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__snapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__snapshot__snapname_"];
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__lxc__vmid__snapshot__snapname_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__snapshot__snapname__config"];
        put: operations["put_nodes__node__lxc__vmid__snapshot__snapname__config"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/snapshot/{snapname}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__snapshot__snapname__rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__status_current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status/reboot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__status_reboot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__status_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status/shutdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__status_shutdown"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__status_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__status_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/status/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__status_suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__template"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/termproxy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__lxc__vmid__termproxy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/lxc/{vmid}/vncwebsocket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__lxc__vmid__vncwebsocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/netstat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__netstat"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/network": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__network"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu"];
        put?: never;
        post: operations["post_nodes__node__qemu"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid_"];
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__qemu__vmid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent"];
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/exec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_exec"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/exec-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_exec_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/file-read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_file_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/file-write": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_file_write"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/fsfreeze-freeze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_fsfreeze_freeze"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/fsfreeze-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_fsfreeze_status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/fsfreeze-thaw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_fsfreeze_thaw"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/fstrim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_fstrim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-fsinfo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_fsinfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-host-name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_host_name"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-memory-block-info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_memory_block_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-memory-blocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_memory_blocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-osinfo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_osinfo"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_time"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-timezone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_timezone"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/get-vcpus": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_get_vcpus"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/info": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_info"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__agent_network_get_interfaces"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_ping"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/set-user-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_set_user_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/shutdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_shutdown"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/suspend-disk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_suspend_disk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/suspend-hybrid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_suspend_hybrid"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/agent/suspend-ram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__agent_suspend_ram"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__clone"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/cloudinit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__cloudinit"];
        put: operations["put_nodes__node__qemu__vmid__cloudinit"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/cloudinit/dump": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__cloudinit_dump"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__config"];
        put: operations["put_nodes__node__qemu__vmid__config"];
        post: operations["post_nodes__node__qemu__vmid__config"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/feature": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__feature"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/monitor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__monitor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/move_disk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__move_disk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/pending": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__pending"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/resize": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["put_nodes__node__qemu__vmid__resize"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/rrddata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__rrddata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/sendkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["put_nodes__node__qemu__vmid__sendkey"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/showcmd": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__showcmd"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/snapshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__snapshot"];
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__snapshot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__snapshot__snapname_"];
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__qemu__vmid__snapshot__snapname_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__snapshot__snapname__config"];
        put: operations["put_nodes__node__qemu__vmid__snapshot__snapname__config"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/snapshot/{snapname}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__snapshot__snapname__rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/spiceproxy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__spiceproxy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__status_current"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/reboot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__status_reboot"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__status_reset"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__status_resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/shutdown": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__status_shutdown"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__status_start"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__status_stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/status/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__status_suspend"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/template": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__template"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/termproxy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__termproxy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/unlink": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put: operations["put_nodes__node__qemu__vmid__unlink"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/vncproxy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__qemu__vmid__vncproxy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/qemu/{vmid}/vncwebsocket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__qemu__vmid__vncwebsocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/query-oci-repo-tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__query_oci_repo_tags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/query-url-metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__query_url_metadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/replication": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__replication"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/rrddata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__rrddata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/scan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__scan"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/scan/cifs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__scan_cifs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/scan/iscsi": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__scan_iscsi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/scan/lvm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__scan_lvm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/scan/lvmthin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__scan_lvmthin"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/scan/nfs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__scan_nfs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/scan/zfs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__scan_zfs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__services"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/services/{service}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__services__service_"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/services/{service}/state": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__services__service__state"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/startall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__startall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__status"];
        put?: never;
        post: operations["post_nodes__node__status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/stopall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__stopall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage__storage_"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage__storage__content"];
        put?: never;
        post: operations["post_nodes__node__storage__storage__content"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/content/{volume}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage__storage__content__volume_"];
        put: operations["put_nodes__node__storage__storage__content__volume_"];
        post?: never;
        delete: operations["delete_nodes__node__storage__storage__content__volume_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/download-url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__storage__storage__download_url"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/import-metadata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage__storage__import_metadata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/oci-registry-pull": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__storage__storage__oci_registry_pull"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/prunebackups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage__storage__prunebackups"];
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__storage__storage__prunebackups"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/rrddata": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage__storage__rrddata"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__storage__storage__status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/storage/{storage}/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__storage__storage__upload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/subscription": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__subscription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/suspendall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__suspendall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/syslog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__syslog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/tasks/{upid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__tasks__upid_"];
        put?: never;
        post?: never;
        delete: operations["delete_nodes__node__tasks__upid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/tasks/{upid}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__tasks__upid__log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/tasks/{upid}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__tasks__upid__status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/termproxy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_nodes__node__termproxy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/time": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__time"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/nodes/{node}/vncwebsocket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_nodes__node__vncwebsocket"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pleiad_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/lxc/{vmid}/df": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pleiad_nodes__node__lxc__vmid__df"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/lxc/{vmid}/fsck": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__lxc__vmid__fsck"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/lxc/{vmid}/fstrim": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__lxc__vmid__fstrim"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/lxc/{vmid}/mount": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__lxc__vmid__mount"];
        delete: operations["delete_pleiad_nodes__node__lxc__vmid__mount"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/lxc/{vmid}/update-image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__lxc__vmid__update_image"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/qemu/{vmid}/import-appliance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__qemu__vmid__import_appliance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/qemu/{vmid}/import-disk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__qemu__vmid__import_disk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/qemu/{vmid}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pleiad_nodes__node__qemu__vmid__log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/qemu/{vmid}/screenshot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pleiad_nodes__node__qemu__vmid__screenshot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/qemu/{vmid}/user-data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pleiad_nodes__node__qemu__vmid__user_data"];
        put: operations["put_pleiad_nodes__node__qemu__vmid__user_data"];
        post?: never;
        delete: operations["delete_pleiad_nodes__node__qemu__vmid__user_data"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/rescan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__rescan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/nodes/{node}/rescan-volumes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["post_pleiad_nodes__node__rescan_volumes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pleiad_session"];
        put?: never;
        post?: never;
        delete: operations["delete_pleiad_session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["delete_pleiad_sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pleiad/sessions/{userid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete: operations["delete_pleiad_sessions__userid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pools"];
        put: operations["put_pools"];
        post: operations["post_pools"];
        delete: operations["delete_pools"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{poolid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_pools__poolid_"];
        put: operations["put_pools__poolid_"];
        post?: never;
        delete: operations["delete_pools__poolid_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_storage"];
        put?: never;
        post: operations["post_storage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/storage/{storage}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_storage__storage_"];
        put: operations["put_storage__storage_"];
        post?: never;
        delete: operations["delete_storage__storage_"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["get_version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Error: {
            data?: null;
            errors?: {
                [key: string]: string;
            };
            message?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_access_acl: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            path: string;
                            /** @enum {integer} */
                            propagate: 0 | 1;
                            roleid: string;
                            type: string;
                            ugid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_access_acl: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    groups?: string;
                    path: string;
                    /** @enum {integer|boolean} */
                    propagate?: 0 | 1 | true | false;
                    roles: string;
                    tokens?: string;
                    users?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    groups?: string;
                    path: string;
                    /** @enum {integer|boolean} */
                    propagate?: 0 | 1 | true | false;
                    roles: string;
                    tokens?: string;
                    users?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_domains: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            /** @enum {integer} */
                            default?: 0 | 1;
                            realm: string;
                            tfa?: string;
                            type: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_domains__realm_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                realm: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            /** @enum {integer} */
                            default?: 0 | 1;
                            digest: string;
                            type: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_access_domains__realm_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                realm: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    "acr-values"?: string;
                    audiences?: string;
                    /** @enum {integer|boolean} */
                    autocreate?: 0 | 1 | true | false;
                    base_dn?: string;
                    bind_dn?: string;
                    capath?: string;
                    /** @enum {integer|boolean} */
                    "case-sensitive"?: 0 | 1 | true | false;
                    cert?: string;
                    certkey?: string;
                    /** @enum {integer|boolean} */
                    "check-connection"?: 0 | 1 | true | false;
                    "client-id"?: string;
                    "client-key"?: string;
                    comment?: string;
                    /** @enum {integer|boolean} */
                    default?: 0 | 1 | true | false;
                    delete?: string;
                    digest?: string;
                    domain?: string;
                    filter?: string;
                    group_classes?: string;
                    group_dn?: string;
                    group_filter?: string;
                    group_name_attr?: string;
                    /** @enum {integer|boolean} */
                    "groups-autocreate"?: 0 | 1 | true | false;
                    "groups-claim"?: string;
                    /** @enum {integer|boolean} */
                    "groups-overwrite"?: 0 | 1 | true | false;
                    "issuer-url"?: string;
                    /** @enum {string} */
                    mode?: "ldap" | "ldap+starttls" | "ldaps";
                    password?: string;
                    port?: number;
                    prompt?: string;
                    /** @enum {integer|boolean} */
                    "query-userinfo"?: 0 | 1 | true | false;
                    scopes?: string;
                    /** @enum {integer|boolean} */
                    secure?: 0 | 1 | true | false;
                    server1?: string;
                    server2?: string;
                    /** @enum {string} */
                    sslversion?: "tlsv1" | "tlsv1_1" | "tlsv1_2" | "tlsv1_3";
                    sync_attributes?: string;
                    "sync-defaults-options"?: string;
                    tfa?: string;
                    user_attr?: string;
                    user_classes?: string;
                    /** @enum {integer|boolean} */
                    verify?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    "acr-values"?: string;
                    audiences?: string;
                    /** @enum {integer|boolean} */
                    autocreate?: 0 | 1 | true | false;
                    base_dn?: string;
                    bind_dn?: string;
                    capath?: string;
                    /** @enum {integer|boolean} */
                    "case-sensitive"?: 0 | 1 | true | false;
                    cert?: string;
                    certkey?: string;
                    /** @enum {integer|boolean} */
                    "check-connection"?: 0 | 1 | true | false;
                    "client-id"?: string;
                    "client-key"?: string;
                    comment?: string;
                    /** @enum {integer|boolean} */
                    default?: 0 | 1 | true | false;
                    delete?: string;
                    digest?: string;
                    domain?: string;
                    filter?: string;
                    group_classes?: string;
                    group_dn?: string;
                    group_filter?: string;
                    group_name_attr?: string;
                    /** @enum {integer|boolean} */
                    "groups-autocreate"?: 0 | 1 | true | false;
                    "groups-claim"?: string;
                    /** @enum {integer|boolean} */
                    "groups-overwrite"?: 0 | 1 | true | false;
                    "issuer-url"?: string;
                    /** @enum {string} */
                    mode?: "ldap" | "ldap+starttls" | "ldaps";
                    password?: string;
                    port?: number;
                    prompt?: string;
                    /** @enum {integer|boolean} */
                    "query-userinfo"?: 0 | 1 | true | false;
                    scopes?: string;
                    /** @enum {integer|boolean} */
                    secure?: 0 | 1 | true | false;
                    server1?: string;
                    server2?: string;
                    /** @enum {string} */
                    sslversion?: "tlsv1" | "tlsv1_1" | "tlsv1_2" | "tlsv1_3";
                    sync_attributes?: string;
                    "sync-defaults-options"?: string;
                    tfa?: string;
                    user_attr?: string;
                    user_classes?: string;
                    /** @enum {integer|boolean} */
                    verify?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_groups: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            groupid: string;
                            users: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_access_groups: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string;
                    groupid: string;
                };
                "application/x-www-form-urlencoded": {
                    comment?: string;
                    groupid: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_groups__groupid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            members: string[];
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_access_groups__groupid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    comment?: string;
                };
                "application/x-www-form-urlencoded": {
                    comment?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_access_groups__groupid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                groupid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_access_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    "confirmation-password"?: string;
                    password: string;
                    userid: string;
                };
                "application/x-www-form-urlencoded": {
                    "confirmation-password"?: string;
                    password: string;
                    userid: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_permissions: {
        parameters: {
            query?: {
                path?: string;
                userid?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            privs: string;
                            roleid: string;
                            /** @enum {integer} */
                            special: 0 | 1;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_access_roles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    privs?: string;
                    roleid: string;
                };
                "application/x-www-form-urlencoded": {
                    privs?: string;
                    roleid: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_roles__roleid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                roleid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_access_roles__roleid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                roleid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    append?: 0 | 1 | true | false;
                    privs?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    append?: 0 | 1 | true | false;
                    privs?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_access_roles__roleid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                roleid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_access_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    "new-format"?: 0 | 1 | true | false;
                    otp?: string;
                    password: string;
                    path?: string;
                    privs?: string;
                    realm?: string;
                    "tfa-challenge"?: string;
                    username: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    "new-format"?: 0 | 1 | true | false;
                    otp?: string;
                    password: string;
                    path?: string;
                    privs?: string;
                    realm?: string;
                    "tfa-challenge"?: string;
                    username: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            cap: Record<string, unknown>;
                            CSRFPreventionToken?: string;
                            ticket?: string;
                            username: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_users: {
        parameters: {
            query?: {
                enabled?: 0 | 1 | true | false;
                full?: 0 | 1 | true | false;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            email?: string;
                            /** @enum {integer} */
                            enable: 0 | 1;
                            expire: number;
                            firstname?: string;
                            groups?: string;
                            keys?: string;
                            lastname?: string;
                            "realm-type"?: string;
                            tokens?: {
                                comment?: string;
                                expire: number;
                                /** @enum {integer} */
                                privsep: 0 | 1;
                                tokenid: string;
                            }[];
                            userid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_access_users: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string;
                    email?: string;
                    /** @enum {integer|boolean} */
                    enable?: 0 | 1 | true | false;
                    expire?: number;
                    firstname?: string;
                    groups?: string;
                    keys?: string;
                    lastname?: string;
                    password?: string;
                    userid: string;
                };
                "application/x-www-form-urlencoded": {
                    comment?: string;
                    email?: string;
                    /** @enum {integer|boolean} */
                    enable?: 0 | 1 | true | false;
                    expire?: number;
                    firstname?: string;
                    groups?: string;
                    keys?: string;
                    lastname?: string;
                    password?: string;
                    userid: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_users__userid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            email?: string;
                            /** @enum {integer} */
                            enable: 0 | 1;
                            expire: number;
                            firstname?: string;
                            groups?: string[];
                            keys?: string;
                            lastname?: string;
                            tokens?: Record<string, unknown>;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_access_users__userid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    append?: 0 | 1 | true | false;
                    comment?: string;
                    email?: string;
                    /** @enum {integer|boolean} */
                    enable?: 0 | 1 | true | false;
                    expire?: number;
                    firstname?: string;
                    groups?: string;
                    keys?: string;
                    lastname?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    append?: 0 | 1 | true | false;
                    comment?: string;
                    email?: string;
                    /** @enum {integer|boolean} */
                    enable?: 0 | 1 | true | false;
                    expire?: number;
                    firstname?: string;
                    groups?: string;
                    keys?: string;
                    lastname?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_access_users__userid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_users__userid__token: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            expire: number;
                            /** @enum {integer} */
                            privsep: 0 | 1;
                            tokenid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_access_users__userid__token__tokenid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenid: string;
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            expire: number;
                            /** @enum {integer} */
                            privsep: 0 | 1;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_access_users__userid__token__tokenid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenid: string;
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    comment?: string;
                    delete?: string;
                    expire?: number;
                    /** @enum {integer|boolean} */
                    privsep?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    regenerate?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    comment?: string;
                    delete?: string;
                    expire?: number;
                    /** @enum {integer|boolean} */
                    privsep?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    regenerate?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            expire: number;
                            "full-tokenid"?: string;
                            /** @enum {integer} */
                            privsep: 0 | 1;
                            value?: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_access_users__userid__token__tokenid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenid: string;
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    comment?: string;
                    expire?: number;
                    /** @enum {integer|boolean} */
                    privsep?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    comment?: string;
                    expire?: number;
                    /** @enum {integer|boolean} */
                    privsep?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "full-tokenid": string;
                            info: {
                                comment?: string;
                                expire: number;
                                /** @enum {integer} */
                                privsep: 0 | 1;
                            };
                            value: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_access_users__userid__token__tokenid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                tokenid: string;
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_access_vncticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    authid: string;
                    path: string;
                    port?: number;
                    privs: string;
                    vncticket: string;
                };
                "application/x-www-form-urlencoded": {
                    authid: string;
                    path: string;
                    port?: number;
                    privs: string;
                    vncticket: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_backup_info_not_backed_up: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name?: string;
                            type: string;
                            vmid: number;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_log: {
        parameters: {
            query?: {
                max?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            msg: string;
                            node: string;
                            pid: number;
                            pri: number;
                            tag: string;
                            time: number;
                            uid: number;
                            user: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_mapping: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_mapping_dir: {
        parameters: {
            query?: {
                "check-node"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_cluster_mapping_dir: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string;
                    id: string;
                    map: string[];
                };
                "application/x-www-form-urlencoded": {
                    description?: string;
                    id: string;
                    map: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_mapping_dir__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_cluster_mapping_dir__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    delete?: string;
                    description?: string;
                    digest?: string;
                    map?: string[];
                };
                "application/x-www-form-urlencoded": {
                    delete?: string;
                    description?: string;
                    digest?: string;
                    map?: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_cluster_mapping_dir__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_mapping_pci: {
        parameters: {
            query?: {
                "check-node"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_cluster_mapping_pci: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string;
                    id: string;
                    /** @enum {integer|boolean} */
                    "live-migration-capable"?: 0 | 1 | true | false;
                    map: string[];
                    /** @enum {integer|boolean} */
                    mdev?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    description?: string;
                    id: string;
                    /** @enum {integer|boolean} */
                    "live-migration-capable"?: 0 | 1 | true | false;
                    map: string[];
                    /** @enum {integer|boolean} */
                    mdev?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_mapping_pci__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_cluster_mapping_pci__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    delete?: string;
                    description?: string;
                    digest?: string;
                    /** @enum {integer|boolean} */
                    "live-migration-capable"?: 0 | 1 | true | false;
                    map?: string[];
                    /** @enum {integer|boolean} */
                    mdev?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    delete?: string;
                    description?: string;
                    digest?: string;
                    /** @enum {integer|boolean} */
                    "live-migration-capable"?: 0 | 1 | true | false;
                    map?: string[];
                    /** @enum {integer|boolean} */
                    mdev?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_cluster_mapping_pci__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_mapping_usb: {
        parameters: {
            query?: {
                "check-node"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_cluster_mapping_usb: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string;
                    id: string;
                    map: string[];
                };
                "application/x-www-form-urlencoded": {
                    description?: string;
                    id: string;
                    map: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_mapping_usb__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_cluster_mapping_usb__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    delete?: string;
                    description?: string;
                    digest?: string;
                    map: string[];
                };
                "application/x-www-form-urlencoded": {
                    delete?: string;
                    description?: string;
                    digest?: string;
                    map: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_cluster_mapping_usb__id_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_nextid: {
        parameters: {
            query?: {
                vmid?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: number;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_options: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_cluster_options: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    bwlimit?: string;
                    "consent-text"?: string;
                    /** @enum {string} */
                    console?: "applet" | "vv" | "html5" | "xtermjs";
                    crs?: string;
                    delete?: string;
                    description?: string;
                    email_from?: string;
                    /** @enum {string} */
                    fencing?: "watchdog" | "hardware" | "both";
                    ha?: string;
                    http_proxy?: string;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {string} */
                    language?: "ar" | "ca" | "da" | "de" | "en" | "es" | "eu" | "fa" | "fr" | "hr" | "he" | "it" | "ja" | "ka" | "kr" | "nb" | "nl" | "nn" | "pl" | "pt_BR" | "ru" | "sl" | "sv" | "tr" | "ukr" | "zh_CN" | "zh_TW";
                    location?: string;
                    mac_prefix?: string;
                    max_workers?: number;
                    migration?: string;
                    /** @enum {integer|boolean} */
                    migration_unsecure?: 0 | 1 | true | false;
                    "next-id"?: string;
                    notify?: string;
                    "registered-tags"?: string;
                    replication?: string;
                    "tag-style"?: string;
                    u2f?: string;
                    "user-tag-access"?: string;
                    webauthn?: string;
                };
                "application/x-www-form-urlencoded": {
                    bwlimit?: string;
                    "consent-text"?: string;
                    /** @enum {string} */
                    console?: "applet" | "vv" | "html5" | "xtermjs";
                    crs?: string;
                    delete?: string;
                    description?: string;
                    email_from?: string;
                    /** @enum {string} */
                    fencing?: "watchdog" | "hardware" | "both";
                    ha?: string;
                    http_proxy?: string;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {string} */
                    language?: "ar" | "ca" | "da" | "de" | "en" | "es" | "eu" | "fa" | "fr" | "hr" | "he" | "it" | "ja" | "ka" | "kr" | "nb" | "nl" | "nn" | "pl" | "pt_BR" | "ru" | "sl" | "sv" | "tr" | "ukr" | "zh_CN" | "zh_TW";
                    location?: string;
                    mac_prefix?: string;
                    max_workers?: number;
                    migration?: string;
                    /** @enum {integer|boolean} */
                    migration_unsecure?: 0 | 1 | true | false;
                    "next-id"?: string;
                    notify?: string;
                    "registered-tags"?: string;
                    replication?: string;
                    "tag-style"?: string;
                    u2f?: string;
                    "user-tag-access"?: string;
                    webauthn?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_qemu: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_qemu_cpu_flags: {
        parameters: {
            query?: {
                accel?: "kvm" | "tcg";
                arch?: "x86_64" | "aarch64";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            description?: string;
                            name: string;
                            "supported-on"?: string[];
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_qemu_custom_cpu_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_cluster_qemu_custom_cpu_models: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    cputype: string;
                    flags?: string;
                    "guest-phys-bits"?: number;
                    /** @enum {integer|boolean} */
                    hidden?: 0 | 1 | true | false;
                    "hv-vendor-id"?: string;
                    level?: number;
                    "phys-bits"?: string;
                    /** @enum {string} */
                    "reported-model": "486" | "a64fx" | "athlon" | "Broadwell" | "Broadwell-IBRS" | "Broadwell-noTSX" | "Broadwell-noTSX-IBRS" | "Cascadelake-Server" | "Cascadelake-Server-noTSX" | "Cascadelake-Server-v2" | "Cascadelake-Server-v4" | "Cascadelake-Server-v5" | "ClearwaterForest" | "ClearwaterForest-v2" | "ClearwaterForest-v3" | "Conroe" | "Cooperlake" | "Cooperlake-v2" | "core2duo" | "coreduo" | "cortex-a35" | "cortex-a53" | "cortex-a55" | "cortex-a57" | "cortex-a710" | "cortex-a72" | "cortex-a76" | "cortex-a78ae" | "DiamondRapids" | "EPYC" | "EPYC-Genoa" | "EPYC-Genoa-v2" | "EPYC-IBPB" | "EPYC-Milan" | "EPYC-Milan-v2" | "EPYC-Milan-v3" | "EPYC-Rome" | "EPYC-Rome-v2" | "EPYC-Rome-v3" | "EPYC-Rome-v4" | "EPYC-Rome-v5" | "EPYC-Turin" | "EPYC-v3" | "EPYC-v4" | "EPYC-v5" | "GraniteRapids" | "GraniteRapids-v2" | "GraniteRapids-v3" | "GraniteRapids-v4" | "GraniteRapids-v5" | "Haswell" | "Haswell-IBRS" | "Haswell-noTSX" | "Haswell-noTSX-IBRS" | "host" | "Icelake-Client" | "Icelake-Client-noTSX" | "Icelake-Server" | "Icelake-Server-noTSX" | "Icelake-Server-v3" | "Icelake-Server-v4" | "Icelake-Server-v5" | "Icelake-Server-v6" | "Icelake-Server-v7" | "IvyBridge" | "IvyBridge-IBRS" | "KnightsMill" | "kvm32" | "kvm64" | "max" | "Nehalem" | "Nehalem-IBRS" | "neoverse-n1" | "neoverse-n2" | "neoverse-v1" | "Opteron_G1" | "Opteron_G2" | "Opteron_G3" | "Opteron_G4" | "Opteron_G5" | "Penryn" | "pentium" | "pentium2" | "pentium3" | "phenom" | "qemu32" | "qemu64" | "SandyBridge" | "SandyBridge-IBRS" | "SapphireRapids" | "SapphireRapids-v2" | "SapphireRapids-v3" | "SapphireRapids-v4" | "SapphireRapids-v5" | "SapphireRapids-v6" | "SierraForest" | "SierraForest-v2" | "SierraForest-v3" | "SierraForest-v4" | "SierraForest-v5" | "Skylake-Client" | "Skylake-Client-IBRS" | "Skylake-Client-noTSX-IBRS" | "Skylake-Client-v4" | "Skylake-Server" | "Skylake-Server-IBRS" | "Skylake-Server-noTSX-IBRS" | "Skylake-Server-v4" | "Skylake-Server-v5" | "Westmere" | "Westmere-IBRS";
                };
                "application/x-www-form-urlencoded": {
                    cputype: string;
                    flags?: string;
                    "guest-phys-bits"?: number;
                    /** @enum {integer|boolean} */
                    hidden?: 0 | 1 | true | false;
                    "hv-vendor-id"?: string;
                    level?: number;
                    "phys-bits"?: string;
                    /** @enum {string} */
                    "reported-model": "486" | "a64fx" | "athlon" | "Broadwell" | "Broadwell-IBRS" | "Broadwell-noTSX" | "Broadwell-noTSX-IBRS" | "Cascadelake-Server" | "Cascadelake-Server-noTSX" | "Cascadelake-Server-v2" | "Cascadelake-Server-v4" | "Cascadelake-Server-v5" | "ClearwaterForest" | "ClearwaterForest-v2" | "ClearwaterForest-v3" | "Conroe" | "Cooperlake" | "Cooperlake-v2" | "core2duo" | "coreduo" | "cortex-a35" | "cortex-a53" | "cortex-a55" | "cortex-a57" | "cortex-a710" | "cortex-a72" | "cortex-a76" | "cortex-a78ae" | "DiamondRapids" | "EPYC" | "EPYC-Genoa" | "EPYC-Genoa-v2" | "EPYC-IBPB" | "EPYC-Milan" | "EPYC-Milan-v2" | "EPYC-Milan-v3" | "EPYC-Rome" | "EPYC-Rome-v2" | "EPYC-Rome-v3" | "EPYC-Rome-v4" | "EPYC-Rome-v5" | "EPYC-Turin" | "EPYC-v3" | "EPYC-v4" | "EPYC-v5" | "GraniteRapids" | "GraniteRapids-v2" | "GraniteRapids-v3" | "GraniteRapids-v4" | "GraniteRapids-v5" | "Haswell" | "Haswell-IBRS" | "Haswell-noTSX" | "Haswell-noTSX-IBRS" | "host" | "Icelake-Client" | "Icelake-Client-noTSX" | "Icelake-Server" | "Icelake-Server-noTSX" | "Icelake-Server-v3" | "Icelake-Server-v4" | "Icelake-Server-v5" | "Icelake-Server-v6" | "Icelake-Server-v7" | "IvyBridge" | "IvyBridge-IBRS" | "KnightsMill" | "kvm32" | "kvm64" | "max" | "Nehalem" | "Nehalem-IBRS" | "neoverse-n1" | "neoverse-n2" | "neoverse-v1" | "Opteron_G1" | "Opteron_G2" | "Opteron_G3" | "Opteron_G4" | "Opteron_G5" | "Penryn" | "pentium" | "pentium2" | "pentium3" | "phenom" | "qemu32" | "qemu64" | "SandyBridge" | "SandyBridge-IBRS" | "SapphireRapids" | "SapphireRapids-v2" | "SapphireRapids-v3" | "SapphireRapids-v4" | "SapphireRapids-v5" | "SapphireRapids-v6" | "SierraForest" | "SierraForest-v2" | "SierraForest-v3" | "SierraForest-v4" | "SierraForest-v5" | "Skylake-Client" | "Skylake-Client-IBRS" | "Skylake-Client-noTSX-IBRS" | "Skylake-Client-v4" | "Skylake-Server" | "Skylake-Server-IBRS" | "Skylake-Server-noTSX-IBRS" | "Skylake-Server-v4" | "Skylake-Server-v5" | "Westmere" | "Westmere-IBRS";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_qemu_custom_cpu_models__cputype_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cputype: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_cluster_qemu_custom_cpu_models__cputype_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cputype: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    delete?: string;
                    digest?: string;
                    flags?: string;
                    "guest-phys-bits"?: number;
                    /** @enum {integer|boolean} */
                    hidden?: 0 | 1 | true | false;
                    "hv-vendor-id"?: string;
                    level?: number;
                    "phys-bits"?: string;
                    /** @enum {string} */
                    "reported-model"?: "486" | "a64fx" | "athlon" | "Broadwell" | "Broadwell-IBRS" | "Broadwell-noTSX" | "Broadwell-noTSX-IBRS" | "Cascadelake-Server" | "Cascadelake-Server-noTSX" | "Cascadelake-Server-v2" | "Cascadelake-Server-v4" | "Cascadelake-Server-v5" | "ClearwaterForest" | "ClearwaterForest-v2" | "ClearwaterForest-v3" | "Conroe" | "Cooperlake" | "Cooperlake-v2" | "core2duo" | "coreduo" | "cortex-a35" | "cortex-a53" | "cortex-a55" | "cortex-a57" | "cortex-a710" | "cortex-a72" | "cortex-a76" | "cortex-a78ae" | "DiamondRapids" | "EPYC" | "EPYC-Genoa" | "EPYC-Genoa-v2" | "EPYC-IBPB" | "EPYC-Milan" | "EPYC-Milan-v2" | "EPYC-Milan-v3" | "EPYC-Rome" | "EPYC-Rome-v2" | "EPYC-Rome-v3" | "EPYC-Rome-v4" | "EPYC-Rome-v5" | "EPYC-Turin" | "EPYC-v3" | "EPYC-v4" | "EPYC-v5" | "GraniteRapids" | "GraniteRapids-v2" | "GraniteRapids-v3" | "GraniteRapids-v4" | "GraniteRapids-v5" | "Haswell" | "Haswell-IBRS" | "Haswell-noTSX" | "Haswell-noTSX-IBRS" | "host" | "Icelake-Client" | "Icelake-Client-noTSX" | "Icelake-Server" | "Icelake-Server-noTSX" | "Icelake-Server-v3" | "Icelake-Server-v4" | "Icelake-Server-v5" | "Icelake-Server-v6" | "Icelake-Server-v7" | "IvyBridge" | "IvyBridge-IBRS" | "KnightsMill" | "kvm32" | "kvm64" | "max" | "Nehalem" | "Nehalem-IBRS" | "neoverse-n1" | "neoverse-n2" | "neoverse-v1" | "Opteron_G1" | "Opteron_G2" | "Opteron_G3" | "Opteron_G4" | "Opteron_G5" | "Penryn" | "pentium" | "pentium2" | "pentium3" | "phenom" | "qemu32" | "qemu64" | "SandyBridge" | "SandyBridge-IBRS" | "SapphireRapids" | "SapphireRapids-v2" | "SapphireRapids-v3" | "SapphireRapids-v4" | "SapphireRapids-v5" | "SapphireRapids-v6" | "SierraForest" | "SierraForest-v2" | "SierraForest-v3" | "SierraForest-v4" | "SierraForest-v5" | "Skylake-Client" | "Skylake-Client-IBRS" | "Skylake-Client-noTSX-IBRS" | "Skylake-Client-v4" | "Skylake-Server" | "Skylake-Server-IBRS" | "Skylake-Server-noTSX-IBRS" | "Skylake-Server-v4" | "Skylake-Server-v5" | "Westmere" | "Westmere-IBRS";
                };
                "application/x-www-form-urlencoded": {
                    delete?: string;
                    digest?: string;
                    flags?: string;
                    "guest-phys-bits"?: number;
                    /** @enum {integer|boolean} */
                    hidden?: 0 | 1 | true | false;
                    "hv-vendor-id"?: string;
                    level?: number;
                    "phys-bits"?: string;
                    /** @enum {string} */
                    "reported-model"?: "486" | "a64fx" | "athlon" | "Broadwell" | "Broadwell-IBRS" | "Broadwell-noTSX" | "Broadwell-noTSX-IBRS" | "Cascadelake-Server" | "Cascadelake-Server-noTSX" | "Cascadelake-Server-v2" | "Cascadelake-Server-v4" | "Cascadelake-Server-v5" | "ClearwaterForest" | "ClearwaterForest-v2" | "ClearwaterForest-v3" | "Conroe" | "Cooperlake" | "Cooperlake-v2" | "core2duo" | "coreduo" | "cortex-a35" | "cortex-a53" | "cortex-a55" | "cortex-a57" | "cortex-a710" | "cortex-a72" | "cortex-a76" | "cortex-a78ae" | "DiamondRapids" | "EPYC" | "EPYC-Genoa" | "EPYC-Genoa-v2" | "EPYC-IBPB" | "EPYC-Milan" | "EPYC-Milan-v2" | "EPYC-Milan-v3" | "EPYC-Rome" | "EPYC-Rome-v2" | "EPYC-Rome-v3" | "EPYC-Rome-v4" | "EPYC-Rome-v5" | "EPYC-Turin" | "EPYC-v3" | "EPYC-v4" | "EPYC-v5" | "GraniteRapids" | "GraniteRapids-v2" | "GraniteRapids-v3" | "GraniteRapids-v4" | "GraniteRapids-v5" | "Haswell" | "Haswell-IBRS" | "Haswell-noTSX" | "Haswell-noTSX-IBRS" | "host" | "Icelake-Client" | "Icelake-Client-noTSX" | "Icelake-Server" | "Icelake-Server-noTSX" | "Icelake-Server-v3" | "Icelake-Server-v4" | "Icelake-Server-v5" | "Icelake-Server-v6" | "Icelake-Server-v7" | "IvyBridge" | "IvyBridge-IBRS" | "KnightsMill" | "kvm32" | "kvm64" | "max" | "Nehalem" | "Nehalem-IBRS" | "neoverse-n1" | "neoverse-n2" | "neoverse-v1" | "Opteron_G1" | "Opteron_G2" | "Opteron_G3" | "Opteron_G4" | "Opteron_G5" | "Penryn" | "pentium" | "pentium2" | "pentium3" | "phenom" | "qemu32" | "qemu64" | "SandyBridge" | "SandyBridge-IBRS" | "SapphireRapids" | "SapphireRapids-v2" | "SapphireRapids-v3" | "SapphireRapids-v4" | "SapphireRapids-v5" | "SapphireRapids-v6" | "SierraForest" | "SierraForest-v2" | "SierraForest-v3" | "SierraForest-v4" | "SierraForest-v5" | "Skylake-Client" | "Skylake-Client-IBRS" | "Skylake-Client-noTSX-IBRS" | "Skylake-Client-v4" | "Skylake-Server" | "Skylake-Server-IBRS" | "Skylake-Server-noTSX-IBRS" | "Skylake-Server-v4" | "Skylake-Server-v5" | "Westmere" | "Westmere-IBRS";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_cluster_qemu_custom_cpu_models__cputype_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                cputype: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_replication: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_resources: {
        parameters: {
            query?: {
                type?: "vm" | "storage" | "node" | "sdn";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            content?: string;
                            cpu?: number;
                            disk?: number;
                            diskread?: number;
                            diskwrite?: number;
                            "host-arch"?: string;
                            id: string;
                            level?: string;
                            lock?: string;
                            maxcpu?: number;
                            maxdisk?: number;
                            maxmem?: number;
                            mem?: number;
                            memhost?: number;
                            name?: string;
                            netin?: number;
                            netout?: number;
                            network?: string;
                            "network-type"?: string;
                            node?: string;
                            plugintype?: string;
                            pool?: string;
                            /** @enum {integer} */
                            shared?: 0 | 1;
                            status?: string;
                            storage?: string;
                            tags?: string;
                            /** @enum {integer} */
                            template?: 0 | 1;
                            type: string;
                            uptime?: number;
                            vmid?: number;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_status: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            ip?: string;
                            level: string;
                            /** @enum {integer} */
                            local: 0 | 1;
                            name: string;
                            nodeid: number;
                            /** @enum {integer} */
                            online: 0 | 1;
                            type: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_cluster_tasks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            endtime?: number;
                            id: string;
                            node: string;
                            pid: number;
                            pstart: number;
                            saved?: string;
                            starttime: number;
                            status?: string;
                            tokenid?: string;
                            type: string;
                            upid: string;
                            user: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            cpu?: number;
                            disk?: number;
                            id: string;
                            level: string;
                            maxcpu?: number;
                            maxdisk?: number;
                            maxmem?: number;
                            mem?: number;
                            node: string;
                            status: string;
                            type: string;
                            uptime?: number;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__aplinfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            architecture: string;
                            description: string;
                            headline: string;
                            infopage: string;
                            os: string;
                            package: string;
                            section: string;
                            source: string;
                            template: string;
                            type: string;
                            version: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__aplinfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    storage: string;
                    template: string;
                };
                "application/x-www-form-urlencoded": {
                    storage: string;
                    template: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__apt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__apt_update: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            Arch: string;
                            CurrentState?: string;
                            Description: string;
                            OldVersion?: string;
                            Origin: string;
                            Package: string;
                            Priority: string;
                            RunningKernel?: string;
                            Section: string;
                            Title: string;
                            Version: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__apt_versions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            Arch: string;
                            CurrentState?: string;
                            Description: string;
                            OldVersion?: string;
                            Origin: string;
                            Package: string;
                            Priority: string;
                            RunningKernel?: string;
                            Section: string;
                            Title: string;
                            Version: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__capabilities: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__capabilities_qemu: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__capabilities_qemu_cpu: {
        parameters: {
            query?: {
                arch?: "x86_64" | "aarch64";
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            custom: 0 | 1;
                            name: string;
                            vendor: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__capabilities_qemu_cpu_flags: {
        parameters: {
            query?: {
                accel?: "kvm" | "tcg";
                arch?: "x86_64" | "aarch64";
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            description?: string;
                            name: string;
                            "supported-on"?: string[];
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__capabilities_qemu_machines: {
        parameters: {
            query?: {
                arch?: "x86_64" | "aarch64";
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                            type: string;
                            version: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__capabilities_qemu_migration: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            "has-dbus-vmstate": 0 | 1;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__certificates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__certificates_info: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            filename: string;
                            fingerprint: string;
                            issuer: string;
                            notafter: number;
                            notbefore: number;
                            pem: string;
                            "public-key-bits": number;
                            "public-key-type": string;
                            san: string[];
                            subject: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__config: {
        parameters: {
            query?: {
                property?: "acme" | "acmedomain0" | "acmedomain1" | "acmedomain2" | "acmedomain3" | "acmedomain4" | "acmedomain5" | "ballooning-target" | "description" | "location" | "startall-onboot-delay" | "wakeonlan";
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    acme?: string;
                    "ballooning-target"?: number;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    location?: string;
                    "startall-onboot-delay"?: number;
                    wakeonlan?: string;
                } & {
                    [key: string]: string;
                };
                "application/x-www-form-urlencoded": {
                    acme?: string;
                    "ballooning-target"?: number;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    location?: string;
                    "startall-onboot-delay"?: number;
                    wakeonlan?: string;
                } & {
                    [key: string]: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__disks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__disks_directory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            device: string;
                            options: string;
                            path: string;
                            type: string;
                            unitfile: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__disks_directory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    add_storage?: 0 | 1 | true | false;
                    device: string;
                    /** @enum {string} */
                    filesystem?: "ext4" | "xfs";
                    name: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    add_storage?: 0 | 1 | true | false;
                    device: string;
                    /** @enum {string} */
                    filesystem?: "ext4" | "xfs";
                    name: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__disks_directory__name_: {
        parameters: {
            query?: {
                "cleanup-config"?: 0 | 1 | true | false;
                "cleanup-disks"?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                name: string;
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__disks_initgpt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    disk: string;
                    uuid?: string;
                };
                "application/x-www-form-urlencoded": {
                    disk: string;
                    uuid?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__disks_list: {
        parameters: {
            query?: {
                "include-partitions"?: 0 | 1 | true | false;
                skipsmart?: 0 | 1 | true | false;
                type?: "unused" | "journal_disks";
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            by_id_link?: string;
                            devpath: string;
                            /** @enum {integer} */
                            gpt: 0 | 1;
                            health: string;
                            model: string;
                            /** @enum {integer} */
                            mounted: 0 | 1;
                            osdid: number;
                            "osdid-list"?: number[];
                            parent?: string;
                            rpm: number;
                            serial: string;
                            size: number;
                            type: string;
                            used?: string;
                            vendor: string;
                            wearout: unknown;
                            wwn: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__disks_lvm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            children: {
                                children: {
                                    free: number;
                                    /** @enum {integer} */
                                    leaf: 0 | 1;
                                    name: string;
                                    size: number;
                                }[];
                                free: number;
                                /** @enum {integer} */
                                leaf: 0 | 1;
                                name: string;
                                size: number;
                            }[];
                            /** @enum {integer} */
                            leaf: 0 | 1;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__disks_lvm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    add_storage?: 0 | 1 | true | false;
                    device: string;
                    name: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    add_storage?: 0 | 1 | true | false;
                    device: string;
                    name: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__disks_lvm__name_: {
        parameters: {
            query?: {
                "cleanup-config"?: 0 | 1 | true | false;
                "cleanup-disks"?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                name: string;
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__disks_lvmthin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            lv: string;
                            lv_size: number;
                            metadata_size: number;
                            metadata_used: number;
                            used: number;
                            vg: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__disks_lvmthin: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    add_storage?: 0 | 1 | true | false;
                    device: string;
                    name: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    add_storage?: 0 | 1 | true | false;
                    device: string;
                    name: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__disks_lvmthin__name_: {
        parameters: {
            query: {
                "cleanup-config"?: 0 | 1 | true | false;
                "cleanup-disks"?: 0 | 1 | true | false;
                "volume-group": string;
            };
            header?: never;
            path: {
                name: string;
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__disks_smart: {
        parameters: {
            query: {
                disk: string;
                healthonly?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            attributes?: {
                                fail: string;
                                flags: string;
                                id: string;
                                name: string;
                                normalized: number;
                                raw: string;
                                threshold: number;
                                value: number;
                                worst: number;
                            }[];
                            health: string;
                            text?: string;
                            type?: string;
                            wearout?: number;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__disks_wipedisk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    disk: string;
                };
                "application/x-www-form-urlencoded": {
                    disk: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__dns: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            dns1?: string;
                            dns2?: string;
                            dns3?: string;
                            search?: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__hardware: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            type: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__hardware_pci: {
        parameters: {
            query?: {
                "pci-class-blacklist"?: string;
                verbose?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            class?: string;
                            device?: string;
                            device_name?: string;
                            id: string;
                            iommugroup?: number;
                            /** @enum {integer} */
                            mdev?: 0 | 1;
                            subsystem_device?: string;
                            subsystem_device_name?: string;
                            subsystem_vendor?: string;
                            subsystem_vendor_name?: string;
                            vendor?: string;
                            vendor_name?: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__hardware_pci__pci_id_or_mapping_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                "pci-id-or-mapping": string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            method: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__hardware_pci__pci_id_or_mapping__mdev: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                "pci-id-or-mapping": string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            available: number;
                            description: string;
                            name?: string;
                            type: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__hardware_usb: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            busnum: number;
                            class: number;
                            devnum: number;
                            level: number;
                            manufacturer?: string;
                            port: number;
                            prodid: string;
                            product?: string;
                            serial?: string;
                            speed: string;
                            usbpath?: string;
                            vendid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__hosts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            data: string;
                            digest: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__journal: {
        parameters: {
            query?: {
                endcursor?: string;
                identifiers?: 0 | 1 | true | false;
                kernel?: 0 | 1 | true | false;
                lastentries?: number;
                priority?: string;
                service?: string;
                since?: number;
                startcursor?: string;
                structured?: 0 | 1 | true | false;
                unit?: string;
                units?: 0 | 1 | true | false;
                until?: number;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            cpu: number;
                            cpus: number;
                            disk: number;
                            diskread: number;
                            diskwrite: number;
                            lock?: string;
                            maxdisk: number;
                            maxmem: number;
                            maxswap: number;
                            mem: number;
                            name: string;
                            netin: number;
                            netout: number;
                            pid?: number;
                            pressurecpusome?: number;
                            pressureiofull?: number;
                            pressureiosome?: number;
                            pressurememoryfull?: number;
                            pressurememorysome?: number;
                            status: string;
                            swap: number;
                            tags?: string;
                            /** @enum {integer} */
                            template?: 0 | 1;
                            type: string;
                            uptime: number;
                            vmid: number;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    arch?: "amd64" | "i386" | "arm64" | "armhf" | "riscv32" | "riscv64";
                    bwlimit?: number;
                    /** @enum {string} */
                    cmode?: "shell" | "console" | "tty";
                    /** @enum {integer|boolean} */
                    console?: 0 | 1 | true | false;
                    cores?: number;
                    cpulimit?: number;
                    cpuunits?: number;
                    /** @enum {integer|boolean} */
                    debug?: 0 | 1 | true | false;
                    description?: string;
                    entrypoint?: string;
                    env?: string;
                    features?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "ha-managed"?: 0 | 1 | true | false;
                    hookscript?: string;
                    hostname?: string;
                    /** @enum {integer|boolean} */
                    "ignore-unpack-errors"?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "create" | "destroyed" | "disk" | "fstrim" | "migrate" | "mounted" | "rollback" | "snapshot" | "snapshot-delete";
                    memory?: number;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    ostemplate: string;
                    /** @enum {string} */
                    ostype?: "debian" | "devuan" | "ubuntu" | "centos" | "fedora" | "opensuse" | "archlinux" | "alpine" | "gentoo" | "nixos" | "unmanaged";
                    password?: string;
                    pool?: string;
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    restore?: 0 | 1 | true | false;
                    rootfs?: string;
                    searchdomain?: string;
                    "ssh-public-keys"?: string;
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                    startup?: string;
                    storage?: string;
                    swap?: number;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    timezone?: string;
                    tty?: number;
                    /** @enum {integer|boolean} */
                    unique?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    unprivileged?: 0 | 1 | true | false;
                    vmid: number;
                } & {
                    [key: string]: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    arch?: "amd64" | "i386" | "arm64" | "armhf" | "riscv32" | "riscv64";
                    bwlimit?: number;
                    /** @enum {string} */
                    cmode?: "shell" | "console" | "tty";
                    /** @enum {integer|boolean} */
                    console?: 0 | 1 | true | false;
                    cores?: number;
                    cpulimit?: number;
                    cpuunits?: number;
                    /** @enum {integer|boolean} */
                    debug?: 0 | 1 | true | false;
                    description?: string;
                    entrypoint?: string;
                    env?: string;
                    features?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "ha-managed"?: 0 | 1 | true | false;
                    hookscript?: string;
                    hostname?: string;
                    /** @enum {integer|boolean} */
                    "ignore-unpack-errors"?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "create" | "destroyed" | "disk" | "fstrim" | "migrate" | "mounted" | "rollback" | "snapshot" | "snapshot-delete";
                    memory?: number;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    ostemplate: string;
                    /** @enum {string} */
                    ostype?: "debian" | "devuan" | "ubuntu" | "centos" | "fedora" | "opensuse" | "archlinux" | "alpine" | "gentoo" | "nixos" | "unmanaged";
                    password?: string;
                    pool?: string;
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    restore?: 0 | 1 | true | false;
                    rootfs?: string;
                    searchdomain?: string;
                    "ssh-public-keys"?: string;
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                    startup?: string;
                    storage?: string;
                    swap?: number;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    timezone?: string;
                    tty?: number;
                    /** @enum {integer|boolean} */
                    unique?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    unprivileged?: 0 | 1 | true | false;
                    vmid: number;
                } & {
                    [key: string]: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__lxc__vmid_: {
        parameters: {
            query?: {
                "destroy-unreferenced-disks"?: 0 | 1 | true | false;
                force?: 0 | 1 | true | false;
                purge?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__clone: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    bwlimit?: number;
                    description?: string;
                    /** @enum {integer|boolean} */
                    full?: 0 | 1 | true | false;
                    hostname?: string;
                    newid: number;
                    pool?: string;
                    snapname?: string;
                    storage?: string;
                    target?: string;
                };
                "application/x-www-form-urlencoded": {
                    bwlimit?: number;
                    description?: string;
                    /** @enum {integer|boolean} */
                    full?: 0 | 1 | true | false;
                    hostname?: string;
                    newid: number;
                    pool?: string;
                    snapname?: string;
                    storage?: string;
                    target?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__config: {
        parameters: {
            query?: {
                current?: 0 | 1 | true | false;
                snapshot?: string;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__lxc__vmid__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    arch?: "amd64" | "i386" | "arm64" | "armhf" | "riscv32" | "riscv64";
                    /** @enum {string} */
                    cmode?: "shell" | "console" | "tty";
                    /** @enum {integer|boolean} */
                    console?: 0 | 1 | true | false;
                    cores?: number;
                    cpulimit?: number;
                    cpuunits?: number;
                    /** @enum {integer|boolean} */
                    debug?: 0 | 1 | true | false;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    entrypoint?: string;
                    env?: string;
                    features?: string;
                    hookscript?: string;
                    hostname?: string;
                    /** @enum {string} */
                    lock?: "backup" | "create" | "destroyed" | "disk" | "fstrim" | "migrate" | "mounted" | "rollback" | "snapshot" | "snapshot-delete";
                    memory?: number;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "debian" | "devuan" | "ubuntu" | "centos" | "fedora" | "opensuse" | "archlinux" | "alpine" | "gentoo" | "nixos" | "unmanaged";
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    revert?: string;
                    rootfs?: string;
                    searchdomain?: string;
                    startup?: string;
                    swap?: number;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    timezone?: string;
                    tty?: number;
                    /** @enum {integer|boolean} */
                    unprivileged?: 0 | 1 | true | false;
                } & {
                    [key: string]: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    arch?: "amd64" | "i386" | "arm64" | "armhf" | "riscv32" | "riscv64";
                    /** @enum {string} */
                    cmode?: "shell" | "console" | "tty";
                    /** @enum {integer|boolean} */
                    console?: 0 | 1 | true | false;
                    cores?: number;
                    cpulimit?: number;
                    cpuunits?: number;
                    /** @enum {integer|boolean} */
                    debug?: 0 | 1 | true | false;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    entrypoint?: string;
                    env?: string;
                    features?: string;
                    hookscript?: string;
                    hostname?: string;
                    /** @enum {string} */
                    lock?: "backup" | "create" | "destroyed" | "disk" | "fstrim" | "migrate" | "mounted" | "rollback" | "snapshot" | "snapshot-delete";
                    memory?: number;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "debian" | "devuan" | "ubuntu" | "centos" | "fedora" | "opensuse" | "archlinux" | "alpine" | "gentoo" | "nixos" | "unmanaged";
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    revert?: string;
                    rootfs?: string;
                    searchdomain?: string;
                    startup?: string;
                    swap?: number;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    timezone?: string;
                    tty?: number;
                    /** @enum {integer|boolean} */
                    unprivileged?: 0 | 1 | true | false;
                } & {
                    [key: string]: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__feature: {
        parameters: {
            query: {
                feature: "snapshot" | "clone" | "copy";
                snapname?: string;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            hasFeature: 0 | 1;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__interfaces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "hardware-address": string;
                            hwaddr: string;
                            inet?: string;
                            inet6?: string;
                            "ip-addresses": {
                                "ip-address": string;
                                "ip-address-type": string;
                                prefix: number;
                            }[];
                            name: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__move_volume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    bwlimit?: number;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    digest?: string;
                    storage?: string;
                    "target-digest"?: string;
                    "target-vmid"?: number;
                    /** @enum {string} */
                    "target-volume"?: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                    /** @enum {string} */
                    volume: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                };
                "application/x-www-form-urlencoded": {
                    bwlimit?: number;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    digest?: string;
                    storage?: string;
                    "target-digest"?: string;
                    "target-vmid"?: number;
                    /** @enum {string} */
                    "target-volume"?: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                    /** @enum {string} */
                    volume: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__pending: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            delete?: number;
                            key: string;
                            pending?: string;
                            value?: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__lxc__vmid__resize: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    digest?: string;
                    /** @enum {string} */
                    disk: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255";
                    size: string;
                };
                "application/x-www-form-urlencoded": {
                    digest?: string;
                    /** @enum {string} */
                    disk: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255";
                    size: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__rrddata: {
        parameters: {
            query: {
                cf?: "AVERAGE" | "MAX";
                timeframe: "hour" | "day" | "week" | "month" | "year";
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            description: string;
                            digest?: string;
                            name: string;
                            parent?: string;
                            /** @enum {integer} */
                            running?: 0 | 1;
                            snapstate?: string;
                            snaptime?: number;
                            /** @enum {integer} */
                            vmstate?: 0 | 1;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string;
                    snapname: string;
                };
                "application/x-www-form-urlencoded": {
                    description?: string;
                    snapname: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__snapshot__snapname_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__lxc__vmid__snapshot__snapname_: {
        parameters: {
            query?: {
                force?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__snapshot__snapname__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__lxc__vmid__snapshot__snapname__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    description?: string;
                };
                "application/x-www-form-urlencoded": {
                    description?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__snapshot__snapname__rollback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__status_current: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            cpu: number;
                            cpus: number;
                            disk: number;
                            diskread: number;
                            diskwrite: number;
                            ha: {
                                /** @enum {integer} */
                                managed: 0 | 1;
                            };
                            lock?: string;
                            maxdisk: number;
                            maxmem: number;
                            maxswap: number;
                            mem: number;
                            name: string;
                            netin: number;
                            netout: number;
                            pid?: number;
                            pressurecpusome?: number;
                            pressureiofull?: number;
                            pressureiosome?: number;
                            pressurememoryfull?: number;
                            pressurememorysome?: number;
                            status: string;
                            swap: number;
                            tags?: string;
                            /** @enum {integer} */
                            template?: 0 | 1;
                            type: string;
                            uptime: number;
                            vmid: number;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__status_reboot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    timeout?: number;
                };
                "application/x-www-form-urlencoded": {
                    timeout?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__status_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__status_shutdown: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    forceStop?: 0 | 1 | true | false;
                    timeout?: number;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    forceStop?: 0 | 1 | true | false;
                    timeout?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__status_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    debug?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    debug?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__status_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    "overrule-shutdown"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    "overrule-shutdown"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__status_suspend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__lxc__vmid__termproxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            port: number;
                            ticket: string;
                            upid: string;
                            user: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__lxc__vmid__vncwebsocket: {
        parameters: {
            query: {
                port: number;
                vncticket: string;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__netstat: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            dev: string;
                            in: string;
                            out: string;
                            vmid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__network: {
        parameters: {
            query?: {
                type?: "bridge" | "bond" | "eth" | "alias" | "vlan" | "fabric" | "OVSBridge" | "OVSBond" | "OVSPort" | "OVSIntPort" | "vnet" | "any_bridge" | "any_local_bridge" | "include_sdn";
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            active: 0 | 1;
                            address?: string;
                            address6?: string;
                            altnames?: string[];
                            bridge_ports?: string;
                            cidr?: string;
                            cidr6?: string;
                            /** @enum {integer} */
                            exists: 0 | 1;
                            families: string[];
                            gateway?: string;
                            iface: string;
                            method: string;
                            method6: string;
                            mtu: number;
                            netmask?: string;
                            netmask6?: number;
                            priority: number;
                            type: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu: {
        parameters: {
            query?: {
                full?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            cpu: number;
                            cpus: number;
                            disk: number;
                            diskread: number;
                            diskwrite: number;
                            lock?: string;
                            maxdisk: number;
                            maxmem: number;
                            mem: number;
                            memhost: number;
                            name: string;
                            netin: number;
                            netout: number;
                            pid?: number;
                            pressurecpufull?: number;
                            pressurecpusome?: number;
                            pressureiofull?: number;
                            pressureiosome?: number;
                            pressurememoryfull?: number;
                            pressurememorysome?: number;
                            qmpstatus?: string;
                            "running-machine"?: string;
                            /** @enum {integer} */
                            serial?: 0 | 1;
                            status: string;
                            tags?: string;
                            /** @enum {integer} */
                            template?: 0 | 1;
                            uptime: number;
                            vmid: number;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    acpi?: 0 | 1 | true | false;
                    affinity?: string;
                    agent?: string;
                    /** @enum {integer|boolean} */
                    "allow-ksm"?: 0 | 1 | true | false;
                    "amd-sev"?: string;
                    /** @enum {string} */
                    arch?: "x86_64" | "aarch64";
                    archive?: string;
                    args?: string;
                    audio0?: string;
                    /** @enum {integer|boolean} */
                    autostart?: 0 | 1 | true | false;
                    balloon?: number;
                    /** @enum {string} */
                    bios?: "seabios" | "ovmf";
                    boot?: string;
                    bootdisk?: string;
                    bwlimit?: number;
                    cdrom?: string;
                    cicustom?: string;
                    cipassword?: string;
                    /** @enum {string} */
                    citype?: "configdrive2" | "nocloud" | "opennebula";
                    /** @enum {integer|boolean} */
                    ciupgrade?: 0 | 1 | true | false;
                    ciuser?: string;
                    cores?: number;
                    cpu?: string;
                    cpulimit?: number;
                    cpuunits?: number;
                    description?: string;
                    efidisk0?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    freeze?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "ha-managed"?: 0 | 1 | true | false;
                    hookscript?: string;
                    hotplug?: string;
                    /** @enum {string} */
                    hugepages?: "any" | "2" | "1024";
                    "import-working-storage"?: string;
                    "intel-tdx"?: string;
                    ivshmem?: string;
                    /** @enum {integer|boolean} */
                    keephugepages?: 0 | 1 | true | false;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {integer|boolean} */
                    kvm?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "live-restore"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    localtime?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "clone" | "create" | "migrate" | "rollback" | "snapshot" | "snapshot-delete" | "suspending" | "suspended";
                    machine?: string;
                    memory?: string;
                    migrate_downtime?: number;
                    migrate_speed?: number;
                    name?: string;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    numa?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "other" | "wxp" | "w2k" | "w2k3" | "w2k8" | "wvista" | "win7" | "win8" | "win10" | "win11" | "l24" | "l26" | "solaris";
                    pool?: string;
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    reboot?: 0 | 1 | true | false;
                    rng0?: string;
                    /** @enum {string} */
                    scsihw?: "lsi" | "lsi53c810" | "virtio-scsi-pci" | "virtio-scsi-single" | "megasas" | "pvscsi";
                    searchdomain?: string;
                    shares?: number;
                    smbios1?: string;
                    smp?: number;
                    sockets?: number;
                    spice_enhancements?: string;
                    sshkeys?: string;
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                    startdate?: string;
                    startup?: string;
                    storage?: string;
                    /** @enum {integer|boolean} */
                    tablet?: 0 | 1 | true | false;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    tdf?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    tpmstate0?: string;
                    /** @enum {integer|boolean} */
                    unique?: 0 | 1 | true | false;
                    vcpus?: number;
                    vga?: string;
                    vmgenid?: string;
                    vmid: number;
                    vmstatestorage?: string;
                    watchdog?: string;
                } & {
                    [key: string]: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    acpi?: 0 | 1 | true | false;
                    affinity?: string;
                    agent?: string;
                    /** @enum {integer|boolean} */
                    "allow-ksm"?: 0 | 1 | true | false;
                    "amd-sev"?: string;
                    /** @enum {string} */
                    arch?: "x86_64" | "aarch64";
                    archive?: string;
                    args?: string;
                    audio0?: string;
                    /** @enum {integer|boolean} */
                    autostart?: 0 | 1 | true | false;
                    balloon?: number;
                    /** @enum {string} */
                    bios?: "seabios" | "ovmf";
                    boot?: string;
                    bootdisk?: string;
                    bwlimit?: number;
                    cdrom?: string;
                    cicustom?: string;
                    cipassword?: string;
                    /** @enum {string} */
                    citype?: "configdrive2" | "nocloud" | "opennebula";
                    /** @enum {integer|boolean} */
                    ciupgrade?: 0 | 1 | true | false;
                    ciuser?: string;
                    cores?: number;
                    cpu?: string;
                    cpulimit?: number;
                    cpuunits?: number;
                    description?: string;
                    efidisk0?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    freeze?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "ha-managed"?: 0 | 1 | true | false;
                    hookscript?: string;
                    hotplug?: string;
                    /** @enum {string} */
                    hugepages?: "any" | "2" | "1024";
                    "import-working-storage"?: string;
                    "intel-tdx"?: string;
                    ivshmem?: string;
                    /** @enum {integer|boolean} */
                    keephugepages?: 0 | 1 | true | false;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {integer|boolean} */
                    kvm?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "live-restore"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    localtime?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "clone" | "create" | "migrate" | "rollback" | "snapshot" | "snapshot-delete" | "suspending" | "suspended";
                    machine?: string;
                    memory?: string;
                    migrate_downtime?: number;
                    migrate_speed?: number;
                    name?: string;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    numa?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "other" | "wxp" | "w2k" | "w2k3" | "w2k8" | "wvista" | "win7" | "win8" | "win10" | "win11" | "l24" | "l26" | "solaris";
                    pool?: string;
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    reboot?: 0 | 1 | true | false;
                    rng0?: string;
                    /** @enum {string} */
                    scsihw?: "lsi" | "lsi53c810" | "virtio-scsi-pci" | "virtio-scsi-single" | "megasas" | "pvscsi";
                    searchdomain?: string;
                    shares?: number;
                    smbios1?: string;
                    smp?: number;
                    sockets?: number;
                    spice_enhancements?: string;
                    sshkeys?: string;
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                    startdate?: string;
                    startup?: string;
                    storage?: string;
                    /** @enum {integer|boolean} */
                    tablet?: 0 | 1 | true | false;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    tdf?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    tpmstate0?: string;
                    /** @enum {integer|boolean} */
                    unique?: 0 | 1 | true | false;
                    vcpus?: number;
                    vga?: string;
                    vmgenid?: string;
                    vmid: number;
                    vmstatestorage?: string;
                    watchdog?: string;
                } & {
                    [key: string]: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__qemu__vmid_: {
        parameters: {
            query?: {
                "destroy-unreferenced-disks"?: 0 | 1 | true | false;
                purge?: 0 | 1 | true | false;
                skiplock?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    command: "fsfreeze-freeze" | "fsfreeze-status" | "fsfreeze-thaw" | "fstrim" | "get-fsinfo" | "get-host-name" | "get-memory-block-info" | "get-memory-blocks" | "get-osinfo" | "get-time" | "get-timezone" | "get-users" | "get-vcpus" | "info" | "network-get-interfaces" | "ping" | "shutdown" | "suspend-disk" | "suspend-hybrid" | "suspend-ram";
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    command: "fsfreeze-freeze" | "fsfreeze-status" | "fsfreeze-thaw" | "fstrim" | "get-fsinfo" | "get-host-name" | "get-memory-block-info" | "get-memory-blocks" | "get-osinfo" | "get-time" | "get-timezone" | "get-users" | "get-vcpus" | "info" | "network-get-interfaces" | "ping" | "shutdown" | "suspend-disk" | "suspend-hybrid" | "suspend-ram";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_exec: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    command: string[];
                    "input-data"?: string;
                };
                "application/x-www-form-urlencoded": {
                    command: string[];
                    "input-data"?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            pid: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_exec_status: {
        parameters: {
            query: {
                pid: number;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "err-data"?: string;
                            /** @enum {integer} */
                            "err-truncated"?: 0 | 1;
                            exitcode?: unknown;
                            /** @enum {integer} */
                            exited: 0 | 1;
                            "out-data"?: string;
                            /** @enum {integer} */
                            "out-truncated"?: 0 | 1;
                            signal?: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_file_read: {
        parameters: {
            query: {
                count?: number;
                decode?: 0 | 1 | true | false;
                file: string;
                offset?: number;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            content: string;
                            /** @enum {integer} */
                            truncated?: 0 | 1;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_file_write: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    content: string;
                    /** @enum {integer|boolean} */
                    encode?: 0 | 1 | true | false;
                    file: string;
                };
                "application/x-www-form-urlencoded": {
                    content: string;
                    /** @enum {integer|boolean} */
                    encode?: 0 | 1 | true | false;
                    file: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_fsfreeze_freeze: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_fsfreeze_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_fsfreeze_thaw: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_fstrim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_fsinfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_host_name: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_memory_block_info: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_memory_blocks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_osinfo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_time: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_timezone: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_users: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_get_vcpus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_info: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__agent_network_get_interfaces: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_ping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_set_user_password: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    crypted?: 0 | 1 | true | false;
                    password: string;
                    username: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    crypted?: 0 | 1 | true | false;
                    password: string;
                    username: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_shutdown: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_suspend_disk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_suspend_hybrid: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__agent_suspend_ram: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            result: unknown;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__clone: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    bwlimit?: number;
                    description?: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    /** @enum {integer|boolean} */
                    full?: 0 | 1 | true | false;
                    name?: string;
                    newid: number;
                    pool?: string;
                    snapname?: string;
                    storage?: string;
                    target?: string;
                };
                "application/x-www-form-urlencoded": {
                    bwlimit?: number;
                    description?: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    /** @enum {integer|boolean} */
                    full?: 0 | 1 | true | false;
                    name?: string;
                    newid: number;
                    pool?: string;
                    snapname?: string;
                    storage?: string;
                    target?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__cloudinit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            delete?: number;
                            key: string;
                            pending?: string;
                            value?: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__qemu__vmid__cloudinit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__cloudinit_dump: {
        parameters: {
            query: {
                type: "user" | "network" | "meta";
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__config: {
        parameters: {
            query?: {
                current?: 0 | 1 | true | false;
                snapshot?: string;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__qemu__vmid__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    acpi?: 0 | 1 | true | false;
                    affinity?: string;
                    agent?: string;
                    /** @enum {integer|boolean} */
                    "allow-ksm"?: 0 | 1 | true | false;
                    "amd-sev"?: string;
                    /** @enum {string} */
                    arch?: "x86_64" | "aarch64";
                    args?: string;
                    audio0?: string;
                    /** @enum {integer|boolean} */
                    autostart?: 0 | 1 | true | false;
                    balloon?: number;
                    /** @enum {string} */
                    bios?: "seabios" | "ovmf";
                    boot?: string;
                    bootdisk?: string;
                    cdrom?: string;
                    cicustom?: string;
                    cipassword?: string;
                    /** @enum {string} */
                    citype?: "configdrive2" | "nocloud" | "opennebula";
                    /** @enum {integer|boolean} */
                    ciupgrade?: 0 | 1 | true | false;
                    ciuser?: string;
                    cores?: number;
                    cpu?: string;
                    cpulimit?: number;
                    cpuunits?: number;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    efidisk0?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    freeze?: 0 | 1 | true | false;
                    hookscript?: string;
                    hotplug?: string;
                    /** @enum {string} */
                    hugepages?: "any" | "2" | "1024";
                    "intel-tdx"?: string;
                    ivshmem?: string;
                    /** @enum {integer|boolean} */
                    keephugepages?: 0 | 1 | true | false;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {integer|boolean} */
                    kvm?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    localtime?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "clone" | "create" | "migrate" | "rollback" | "snapshot" | "snapshot-delete" | "suspending" | "suspended";
                    machine?: string;
                    memory?: string;
                    migrate_downtime?: number;
                    migrate_speed?: number;
                    name?: string;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    numa?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "other" | "wxp" | "w2k" | "w2k3" | "w2k8" | "wvista" | "win7" | "win8" | "win10" | "win11" | "l24" | "l26" | "solaris";
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    reboot?: 0 | 1 | true | false;
                    revert?: string;
                    rng0?: string;
                    /** @enum {string} */
                    scsihw?: "lsi" | "lsi53c810" | "virtio-scsi-pci" | "virtio-scsi-single" | "megasas" | "pvscsi";
                    searchdomain?: string;
                    shares?: number;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    smbios1?: string;
                    smp?: number;
                    sockets?: number;
                    spice_enhancements?: string;
                    sshkeys?: string;
                    startdate?: string;
                    startup?: string;
                    /** @enum {integer|boolean} */
                    tablet?: 0 | 1 | true | false;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    tdf?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    tpmstate0?: string;
                    vcpus?: number;
                    vga?: string;
                    vmgenid?: string;
                    vmstatestorage?: string;
                    watchdog?: string;
                } & {
                    [key: string]: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    acpi?: 0 | 1 | true | false;
                    affinity?: string;
                    agent?: string;
                    /** @enum {integer|boolean} */
                    "allow-ksm"?: 0 | 1 | true | false;
                    "amd-sev"?: string;
                    /** @enum {string} */
                    arch?: "x86_64" | "aarch64";
                    args?: string;
                    audio0?: string;
                    /** @enum {integer|boolean} */
                    autostart?: 0 | 1 | true | false;
                    balloon?: number;
                    /** @enum {string} */
                    bios?: "seabios" | "ovmf";
                    boot?: string;
                    bootdisk?: string;
                    cdrom?: string;
                    cicustom?: string;
                    cipassword?: string;
                    /** @enum {string} */
                    citype?: "configdrive2" | "nocloud" | "opennebula";
                    /** @enum {integer|boolean} */
                    ciupgrade?: 0 | 1 | true | false;
                    ciuser?: string;
                    cores?: number;
                    cpu?: string;
                    cpulimit?: number;
                    cpuunits?: number;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    efidisk0?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    freeze?: 0 | 1 | true | false;
                    hookscript?: string;
                    hotplug?: string;
                    /** @enum {string} */
                    hugepages?: "any" | "2" | "1024";
                    "intel-tdx"?: string;
                    ivshmem?: string;
                    /** @enum {integer|boolean} */
                    keephugepages?: 0 | 1 | true | false;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {integer|boolean} */
                    kvm?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    localtime?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "clone" | "create" | "migrate" | "rollback" | "snapshot" | "snapshot-delete" | "suspending" | "suspended";
                    machine?: string;
                    memory?: string;
                    migrate_downtime?: number;
                    migrate_speed?: number;
                    name?: string;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    numa?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "other" | "wxp" | "w2k" | "w2k3" | "w2k8" | "wvista" | "win7" | "win8" | "win10" | "win11" | "l24" | "l26" | "solaris";
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    reboot?: 0 | 1 | true | false;
                    revert?: string;
                    rng0?: string;
                    /** @enum {string} */
                    scsihw?: "lsi" | "lsi53c810" | "virtio-scsi-pci" | "virtio-scsi-single" | "megasas" | "pvscsi";
                    searchdomain?: string;
                    shares?: number;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    smbios1?: string;
                    smp?: number;
                    sockets?: number;
                    spice_enhancements?: string;
                    sshkeys?: string;
                    startdate?: string;
                    startup?: string;
                    /** @enum {integer|boolean} */
                    tablet?: 0 | 1 | true | false;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    tdf?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    tpmstate0?: string;
                    vcpus?: number;
                    vga?: string;
                    vmgenid?: string;
                    vmstatestorage?: string;
                    watchdog?: string;
                } & {
                    [key: string]: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    acpi?: 0 | 1 | true | false;
                    affinity?: string;
                    agent?: string;
                    /** @enum {integer|boolean} */
                    "allow-ksm"?: 0 | 1 | true | false;
                    "amd-sev"?: string;
                    /** @enum {string} */
                    arch?: "x86_64" | "aarch64";
                    args?: string;
                    audio0?: string;
                    /** @enum {integer|boolean} */
                    autostart?: 0 | 1 | true | false;
                    background_delay?: number;
                    balloon?: number;
                    /** @enum {string} */
                    bios?: "seabios" | "ovmf";
                    boot?: string;
                    bootdisk?: string;
                    cdrom?: string;
                    cicustom?: string;
                    cipassword?: string;
                    /** @enum {string} */
                    citype?: "configdrive2" | "nocloud" | "opennebula";
                    /** @enum {integer|boolean} */
                    ciupgrade?: 0 | 1 | true | false;
                    ciuser?: string;
                    cores?: number;
                    cpu?: string;
                    cpulimit?: number;
                    cpuunits?: number;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    efidisk0?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    freeze?: 0 | 1 | true | false;
                    hookscript?: string;
                    hotplug?: string;
                    /** @enum {string} */
                    hugepages?: "any" | "2" | "1024";
                    "import-working-storage"?: string;
                    "intel-tdx"?: string;
                    ivshmem?: string;
                    /** @enum {integer|boolean} */
                    keephugepages?: 0 | 1 | true | false;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {integer|boolean} */
                    kvm?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    localtime?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "clone" | "create" | "migrate" | "rollback" | "snapshot" | "snapshot-delete" | "suspending" | "suspended";
                    machine?: string;
                    memory?: string;
                    migrate_downtime?: number;
                    migrate_speed?: number;
                    name?: string;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    numa?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "other" | "wxp" | "w2k" | "w2k3" | "w2k8" | "wvista" | "win7" | "win8" | "win10" | "win11" | "l24" | "l26" | "solaris";
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    reboot?: 0 | 1 | true | false;
                    revert?: string;
                    rng0?: string;
                    /** @enum {string} */
                    scsihw?: "lsi" | "lsi53c810" | "virtio-scsi-pci" | "virtio-scsi-single" | "megasas" | "pvscsi";
                    searchdomain?: string;
                    shares?: number;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    smbios1?: string;
                    smp?: number;
                    sockets?: number;
                    spice_enhancements?: string;
                    sshkeys?: string;
                    startdate?: string;
                    startup?: string;
                    /** @enum {integer|boolean} */
                    tablet?: 0 | 1 | true | false;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    tdf?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    tpmstate0?: string;
                    vcpus?: number;
                    vga?: string;
                    vmgenid?: string;
                    vmstatestorage?: string;
                    watchdog?: string;
                } & {
                    [key: string]: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    acpi?: 0 | 1 | true | false;
                    affinity?: string;
                    agent?: string;
                    /** @enum {integer|boolean} */
                    "allow-ksm"?: 0 | 1 | true | false;
                    "amd-sev"?: string;
                    /** @enum {string} */
                    arch?: "x86_64" | "aarch64";
                    args?: string;
                    audio0?: string;
                    /** @enum {integer|boolean} */
                    autostart?: 0 | 1 | true | false;
                    background_delay?: number;
                    balloon?: number;
                    /** @enum {string} */
                    bios?: "seabios" | "ovmf";
                    boot?: string;
                    bootdisk?: string;
                    cdrom?: string;
                    cicustom?: string;
                    cipassword?: string;
                    /** @enum {string} */
                    citype?: "configdrive2" | "nocloud" | "opennebula";
                    /** @enum {integer|boolean} */
                    ciupgrade?: 0 | 1 | true | false;
                    ciuser?: string;
                    cores?: number;
                    cpu?: string;
                    cpulimit?: number;
                    cpuunits?: number;
                    delete?: string;
                    description?: string;
                    digest?: string;
                    efidisk0?: string;
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    freeze?: 0 | 1 | true | false;
                    hookscript?: string;
                    hotplug?: string;
                    /** @enum {string} */
                    hugepages?: "any" | "2" | "1024";
                    "import-working-storage"?: string;
                    "intel-tdx"?: string;
                    ivshmem?: string;
                    /** @enum {integer|boolean} */
                    keephugepages?: 0 | 1 | true | false;
                    /** @enum {string} */
                    keyboard?: "de" | "de-ch" | "da" | "en-gb" | "en-us" | "es" | "fi" | "fr" | "fr-be" | "fr-ca" | "fr-ch" | "hu" | "is" | "it" | "ja" | "lt" | "mk" | "nl" | "no" | "pl" | "pt" | "pt-br" | "sv" | "sl" | "tr";
                    /** @enum {integer|boolean} */
                    kvm?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    localtime?: 0 | 1 | true | false;
                    /** @enum {string} */
                    lock?: "backup" | "clone" | "create" | "migrate" | "rollback" | "snapshot" | "snapshot-delete" | "suspending" | "suspended";
                    machine?: string;
                    memory?: string;
                    migrate_downtime?: number;
                    migrate_speed?: number;
                    name?: string;
                    nameserver?: string;
                    /** @enum {integer|boolean} */
                    numa?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    onboot?: 0 | 1 | true | false;
                    /** @enum {string} */
                    ostype?: "other" | "wxp" | "w2k" | "w2k3" | "w2k8" | "wvista" | "win7" | "win8" | "win10" | "win11" | "l24" | "l26" | "solaris";
                    /** @enum {integer|boolean} */
                    protection?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    reboot?: 0 | 1 | true | false;
                    revert?: string;
                    rng0?: string;
                    /** @enum {string} */
                    scsihw?: "lsi" | "lsi53c810" | "virtio-scsi-pci" | "virtio-scsi-single" | "megasas" | "pvscsi";
                    searchdomain?: string;
                    shares?: number;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    smbios1?: string;
                    smp?: number;
                    sockets?: number;
                    spice_enhancements?: string;
                    sshkeys?: string;
                    startdate?: string;
                    startup?: string;
                    /** @enum {integer|boolean} */
                    tablet?: 0 | 1 | true | false;
                    tags?: string;
                    /** @enum {integer|boolean} */
                    tdf?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    template?: 0 | 1 | true | false;
                    tpmstate0?: string;
                    vcpus?: number;
                    vga?: string;
                    vmgenid?: string;
                    vmstatestorage?: string;
                    watchdog?: string;
                } & {
                    [key: string]: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__feature: {
        parameters: {
            query: {
                feature: "snapshot" | "clone" | "copy";
                snapname?: string;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            hasFeature: 0 | 1;
                            nodes: string[];
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__monitor: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    command: string;
                };
                "application/x-www-form-urlencoded": {
                    command: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__move_disk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    bwlimit?: number;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    digest?: string;
                    /** @enum {string} */
                    disk: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    storage?: string;
                    "target-digest"?: string;
                    /** @enum {string} */
                    "target-disk"?: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                    "target-vmid"?: number;
                };
                "application/x-www-form-urlencoded": {
                    bwlimit?: number;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    digest?: string;
                    /** @enum {string} */
                    disk: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    storage?: string;
                    "target-digest"?: string;
                    /** @enum {string} */
                    "target-disk"?: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0" | "unused0" | "unused1" | "unused2" | "unused3" | "unused4" | "unused5" | "unused6" | "unused7" | "unused8" | "unused9" | "unused10" | "unused11" | "unused12" | "unused13" | "unused14" | "unused15" | "unused16" | "unused17" | "unused18" | "unused19" | "unused20" | "unused21" | "unused22" | "unused23" | "unused24" | "unused25" | "unused26" | "unused27" | "unused28" | "unused29" | "unused30" | "unused31" | "unused32" | "unused33" | "unused34" | "unused35" | "unused36" | "unused37" | "unused38" | "unused39" | "unused40" | "unused41" | "unused42" | "unused43" | "unused44" | "unused45" | "unused46" | "unused47" | "unused48" | "unused49" | "unused50" | "unused51" | "unused52" | "unused53" | "unused54" | "unused55" | "unused56" | "unused57" | "unused58" | "unused59" | "unused60" | "unused61" | "unused62" | "unused63" | "unused64" | "unused65" | "unused66" | "unused67" | "unused68" | "unused69" | "unused70" | "unused71" | "unused72" | "unused73" | "unused74" | "unused75" | "unused76" | "unused77" | "unused78" | "unused79" | "unused80" | "unused81" | "unused82" | "unused83" | "unused84" | "unused85" | "unused86" | "unused87" | "unused88" | "unused89" | "unused90" | "unused91" | "unused92" | "unused93" | "unused94" | "unused95" | "unused96" | "unused97" | "unused98" | "unused99" | "unused100" | "unused101" | "unused102" | "unused103" | "unused104" | "unused105" | "unused106" | "unused107" | "unused108" | "unused109" | "unused110" | "unused111" | "unused112" | "unused113" | "unused114" | "unused115" | "unused116" | "unused117" | "unused118" | "unused119" | "unused120" | "unused121" | "unused122" | "unused123" | "unused124" | "unused125" | "unused126" | "unused127" | "unused128" | "unused129" | "unused130" | "unused131" | "unused132" | "unused133" | "unused134" | "unused135" | "unused136" | "unused137" | "unused138" | "unused139" | "unused140" | "unused141" | "unused142" | "unused143" | "unused144" | "unused145" | "unused146" | "unused147" | "unused148" | "unused149" | "unused150" | "unused151" | "unused152" | "unused153" | "unused154" | "unused155" | "unused156" | "unused157" | "unused158" | "unused159" | "unused160" | "unused161" | "unused162" | "unused163" | "unused164" | "unused165" | "unused166" | "unused167" | "unused168" | "unused169" | "unused170" | "unused171" | "unused172" | "unused173" | "unused174" | "unused175" | "unused176" | "unused177" | "unused178" | "unused179" | "unused180" | "unused181" | "unused182" | "unused183" | "unused184" | "unused185" | "unused186" | "unused187" | "unused188" | "unused189" | "unused190" | "unused191" | "unused192" | "unused193" | "unused194" | "unused195" | "unused196" | "unused197" | "unused198" | "unused199" | "unused200" | "unused201" | "unused202" | "unused203" | "unused204" | "unused205" | "unused206" | "unused207" | "unused208" | "unused209" | "unused210" | "unused211" | "unused212" | "unused213" | "unused214" | "unused215" | "unused216" | "unused217" | "unused218" | "unused219" | "unused220" | "unused221" | "unused222" | "unused223" | "unused224" | "unused225" | "unused226" | "unused227" | "unused228" | "unused229" | "unused230" | "unused231" | "unused232" | "unused233" | "unused234" | "unused235" | "unused236" | "unused237" | "unused238" | "unused239" | "unused240" | "unused241" | "unused242" | "unused243" | "unused244" | "unused245" | "unused246" | "unused247" | "unused248" | "unused249" | "unused250" | "unused251" | "unused252" | "unused253" | "unused254" | "unused255";
                    "target-vmid"?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__pending: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            delete?: number;
                            key: string;
                            pending?: string;
                            value?: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__qemu__vmid__resize: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    digest?: string;
                    /** @enum {string} */
                    disk: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0";
                    size: string;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    digest?: string;
                    /** @enum {string} */
                    disk: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0";
                    size: string;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__rrddata: {
        parameters: {
            query: {
                cf?: "AVERAGE" | "MAX";
                timeframe: "hour" | "day" | "week" | "month" | "year";
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__qemu__vmid__sendkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    key: string;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    key: string;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__showcmd: {
        parameters: {
            query?: {
                snapshot?: string;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            description: string;
                            digest?: string;
                            name: string;
                            parent?: string;
                            /** @enum {integer} */
                            running?: 0 | 1;
                            snapstate?: string;
                            snaptime?: number;
                            /** @enum {integer} */
                            vmstate?: 0 | 1;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__snapshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    description?: string;
                    snapname: string;
                    /** @enum {integer|boolean} */
                    vmstate?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    description?: string;
                    snapname: string;
                    /** @enum {integer|boolean} */
                    vmstate?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__snapshot__snapname_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__qemu__vmid__snapshot__snapname_: {
        parameters: {
            query?: {
                force?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__snapshot__snapname__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__qemu__vmid__snapshot__snapname__config: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    description?: string;
                };
                "application/x-www-form-urlencoded": {
                    description?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__snapshot__snapname__rollback: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                snapname: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    start?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__spiceproxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    proxy?: string;
                };
                "application/x-www-form-urlencoded": {
                    proxy?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            ca: string;
                            "delete-this-file": number;
                            host: string;
                            "host-subject": string;
                            password: string;
                            proxy: string;
                            "release-cursor": string;
                            "secure-attention": string;
                            title: string;
                            "tls-port": number;
                            "toggle-fullscreen": string;
                            type: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__status_current: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            agent?: 0 | 1;
                            balloon?: unknown;
                            balloon_min?: number;
                            ballooninfo?: unknown;
                            blockstat?: unknown;
                            clipboard?: string;
                            cpu: number;
                            cpus: number;
                            disk: number;
                            diskread: number;
                            diskwrite: number;
                            freemem?: unknown;
                            ha: {
                                /** @enum {integer} */
                                managed: 0 | 1;
                            };
                            "last-event"?: {
                                device?: string;
                                event: string;
                                reason?: string;
                                text: string;
                                time: number;
                            };
                            lock?: string;
                            maxdisk: number;
                            maxmem: number;
                            mem: number;
                            memhost: number;
                            name: string;
                            netin: number;
                            netout: number;
                            nics?: Record<string, unknown>;
                            pid?: number;
                            pressurecpufull?: number;
                            pressurecpusome?: number;
                            pressureiofull?: number;
                            pressureiosome?: number;
                            pressurememoryfull?: number;
                            pressurememorysome?: number;
                            qmpstatus?: string;
                            "running-machine"?: string;
                            "running-qemu"?: unknown;
                            /** @enum {integer} */
                            serial?: 0 | 1;
                            shares?: number;
                            "silent-since"?: number;
                            status: string;
                            tags?: string;
                            /** @enum {integer} */
                            template?: 0 | 1;
                            uptime: number;
                            vmid: number;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__status_reboot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    timeout?: number;
                };
                "application/x-www-form-urlencoded": {
                    timeout?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__status_reset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__status_resume: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    nocheck?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    nocheck?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__status_shutdown: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    forceStop?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    keepActive?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    timeout?: number;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    forceStop?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    keepActive?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    timeout?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__status_start: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    "force-cpu"?: string;
                    machine?: string;
                    migratedfrom?: string;
                    migration_network?: string;
                    /** @enum {string} */
                    migration_type?: "secure" | "insecure";
                    "nets-host-mtu"?: string;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    stateuri?: string;
                    targetstorage?: string;
                    timeout?: number;
                    /** @enum {integer|boolean} */
                    "with-conntrack-state"?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    "force-cpu"?: string;
                    machine?: string;
                    migratedfrom?: string;
                    migration_network?: string;
                    /** @enum {string} */
                    migration_type?: "secure" | "insecure";
                    "nets-host-mtu"?: string;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    stateuri?: string;
                    targetstorage?: string;
                    timeout?: number;
                    /** @enum {integer|boolean} */
                    "with-conntrack-state"?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__status_stop: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    keepActive?: 0 | 1 | true | false;
                    migratedfrom?: string;
                    /** @enum {integer|boolean} */
                    "overrule-shutdown"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    timeout?: number;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    keepActive?: 0 | 1 | true | false;
                    migratedfrom?: string;
                    /** @enum {integer|boolean} */
                    "overrule-shutdown"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    timeout?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__status_suspend: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    statestorage?: string;
                    /** @enum {integer|boolean} */
                    todisk?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    skiplock?: 0 | 1 | true | false;
                    statestorage?: string;
                    /** @enum {integer|boolean} */
                    todisk?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__template: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    disk?: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0";
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    disk?: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__termproxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    serial?: "serial0" | "serial1" | "serial2" | "serial3";
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    serial?: "serial0" | "serial1" | "serial2" | "serial3";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            port: number;
                            ticket: string;
                            upid: string;
                            user: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__qemu__vmid__unlink: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    idlist: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    idlist: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__qemu__vmid__vncproxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    "generate-password"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    websocket?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    "generate-password"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    websocket?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            cert: string;
                            password?: string;
                            port: number;
                            ticket: string;
                            upid: string;
                            user: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__qemu__vmid__vncwebsocket: {
        parameters: {
            query: {
                port: number;
                vncticket: string;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__query_oci_repo_tags: {
        parameters: {
            query: {
                reference: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__query_url_metadata: {
        parameters: {
            query: {
                url: string;
                "verify-certificates"?: 0 | 1 | true | false;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            filename?: string;
                            mimetype?: string;
                            size?: number;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__replication: {
        parameters: {
            query?: {
                guest?: number;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            id: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__rrddata: {
        parameters: {
            query: {
                cf?: "AVERAGE" | "MAX";
                timeframe: "hour" | "day" | "week" | "month" | "year" | "decade";
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__scan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__scan_cifs: {
        parameters: {
            query: {
                domain?: string;
                password?: string;
                server: string;
                username?: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            description: string;
                            share: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__scan_iscsi: {
        parameters: {
            query: {
                portal: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            portal: string;
                            target: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__scan_lvm: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            vg: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__scan_lvmthin: {
        parameters: {
            query: {
                vg: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            lv: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__scan_nfs: {
        parameters: {
            query: {
                server: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            options: string;
                            path: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__scan_zfs: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            pool: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__services: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "active-state": string;
                            desc: string;
                            name: string;
                            service: string;
                            state: string;
                            "unit-state": string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__services__service_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                service: "chrony" | "corosync" | "cron" | "ksmtuned" | "lxcfs" | "postfix" | "proxmox-firewall" | "pve-cluster" | "pve-firewall" | "pve-ha-crm" | "pve-ha-lrm" | "pve-lxc-syscalld" | "pvedaemon" | "pvefw-logger" | "pveproxy" | "pvescheduler" | "pvestatd" | "qmeventd" | "spiceproxy" | "sshd" | "syslog" | "systemd-journald" | "systemd-timesyncd";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__services__service__state: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                service: "chrony" | "corosync" | "cron" | "ksmtuned" | "lxcfs" | "postfix" | "proxmox-firewall" | "pve-cluster" | "pve-firewall" | "pve-ha-crm" | "pve-ha-lrm" | "pve-lxc-syscalld" | "pvedaemon" | "pvefw-logger" | "pveproxy" | "pvescheduler" | "pvestatd" | "qmeventd" | "spiceproxy" | "sshd" | "syslog" | "systemd-journald" | "systemd-timesyncd";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "active-state": string;
                            desc: string;
                            name: string;
                            service: string;
                            state: string;
                            "unit-state": string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__startall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    "max-workers"?: number;
                    vms?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                    "max-workers"?: number;
                    vms?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "boot-info": {
                                mode: string;
                                /** @enum {integer} */
                                secureboot?: 0 | 1;
                            };
                            containers: {
                                /** @enum {integer} */
                                apparmor: 0 | 1;
                                /** @enum {integer} */
                                lxcfs: 0 | 1;
                            };
                            cpu: number;
                            cpuinfo: {
                                cores: number;
                                cpus: number;
                                flags: string;
                                /** @enum {integer} */
                                hvm: 0 | 1;
                                mhz: string;
                                model: string;
                                sockets: number;
                                user_hz: number;
                            };
                            "current-kernel": {
                                machine: string;
                                release: string;
                                sysname: string;
                                version: string;
                            };
                            idle: number;
                            ksm: {
                                shared: number;
                            };
                            kversion: string;
                            kvm: {
                                reason?: string;
                                /** @enum {integer} */
                                usable: 0 | 1;
                            };
                            loadavg: string[];
                            memory: {
                                available: number;
                                free: number;
                                total: number;
                                used: number;
                            };
                            pveversion: string;
                            rootfs: {
                                avail: number;
                                free: number;
                                total: number;
                                used: number;
                            };
                            swap: {
                                free: number;
                                total: number;
                                used: number;
                            };
                            uptime: number;
                            wait: number;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    command: "reboot" | "shutdown";
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    command: "reboot" | "shutdown";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__stopall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    "force-stop"?: 0 | 1 | true | false;
                    "max-workers"?: number;
                    timeout?: number;
                    vms?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    "force-stop"?: 0 | 1 | true | false;
                    "max-workers"?: number;
                    timeout?: number;
                    vms?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage: {
        parameters: {
            query?: {
                content?: string;
                enabled?: 0 | 1 | true | false;
                format?: 0 | 1 | true | false;
                storage?: string;
                target?: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            active: 0 | 1;
                            age?: number;
                            avail: number;
                            content: string;
                            /** @enum {integer} */
                            enabled: 0 | 1;
                            formats?: {
                                default: string;
                                supported: string[];
                            };
                            reason?: string;
                            /** @enum {integer} */
                            shared: 0 | 1;
                            storage: string;
                            total: number;
                            type: string;
                            used: number;
                            used_fraction?: number;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage__storage_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage__storage__content: {
        parameters: {
            query?: {
                content?: string;
                vmid?: number;
            };
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            content: string;
                            ctime?: number;
                            format: string;
                            notes?: string;
                            parent?: string;
                            /** @enum {integer} */
                            protected?: 0 | 1;
                            size: number;
                            subtype?: string;
                            used?: number;
                            vmid?: number;
                            volid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__storage__storage__content: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filename: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "subvol" | "vmdk";
                    size: string;
                    vmid: number;
                };
                "application/x-www-form-urlencoded": {
                    filename: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "subvol" | "vmdk";
                    size: string;
                    vmid: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage__storage__content__volume_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
                volume: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            format: string;
                            notes?: string;
                            path: string;
                            /** @enum {integer} */
                            protected?: 0 | 1;
                            size: number;
                            used: number;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_nodes__node__storage__storage__content__volume_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
                volume: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    notes?: string;
                    /** @enum {integer|boolean} */
                    protected?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    notes?: string;
                    /** @enum {integer|boolean} */
                    protected?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__storage__storage__content__volume_: {
        parameters: {
            query?: {
                delay?: number;
            };
            header?: never;
            path: {
                node: string;
                storage: string;
                volume: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: unknown;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__storage__storage__download_url: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    checksum?: string;
                    /** @enum {string} */
                    "checksum-algorithm"?: "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";
                    compression?: string;
                    /** @enum {string} */
                    content: "iso" | "vztmpl" | "import";
                    filename: string;
                    url: string;
                    /** @enum {integer|boolean} */
                    "verify-certificates"?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    checksum?: string;
                    /** @enum {string} */
                    "checksum-algorithm"?: "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";
                    compression?: string;
                    /** @enum {string} */
                    content: "iso" | "vztmpl" | "import";
                    filename: string;
                    url: string;
                    /** @enum {integer|boolean} */
                    "verify-certificates"?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage__storage__import_metadata: {
        parameters: {
            query: {
                volume: string;
            };
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "create-args": Record<string, unknown>;
                            disks: Record<string, unknown>;
                            net: Record<string, unknown>;
                            source: string;
                            type: string;
                            warnings: {
                                key?: string;
                                type: string;
                                value?: string;
                            }[];
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__storage__storage__oci_registry_pull: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    filename?: string;
                    reference: string;
                };
                "application/x-www-form-urlencoded": {
                    filename?: string;
                    reference: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage__storage__prunebackups: {
        parameters: {
            query?: {
                "prune-backups"?: string;
                type?: "qemu" | "lxc";
                vmid?: number;
            };
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            ctime: number;
                            mark: string;
                            type: string;
                            vmid?: number;
                            volid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__storage__storage__prunebackups: {
        parameters: {
            query?: {
                "prune-backups"?: string;
                type?: "qemu" | "lxc";
                vmid?: number;
            };
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage__storage__rrddata: {
        parameters: {
            query: {
                cf?: "AVERAGE" | "MAX";
                timeframe: "hour" | "day" | "week" | "month" | "year";
            };
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__storage__storage__status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** @enum {integer} */
                            active: 0 | 1;
                            age?: number;
                            avail: number;
                            content: string;
                            /** @enum {integer} */
                            enabled: 0 | 1;
                            reason?: string;
                            /** @enum {integer} */
                            shared: 0 | 1;
                            total: number;
                            type: string;
                            used: number;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__storage__storage__upload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                storage: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    checksum?: string;
                    /** @enum {string} */
                    "checksum-algorithm"?: "md5" | "sha1" | "sha224" | "sha256" | "sha384" | "sha512";
                    /** @enum {string} */
                    content: "iso" | "vztmpl" | "import";
                    filename: string;
                    tmpfilename?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__subscription: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            message: string;
                            status: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__suspendall: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    "max-workers"?: number;
                    vms?: string;
                };
                "application/x-www-form-urlencoded": {
                    "max-workers"?: number;
                    vms?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__syslog: {
        parameters: {
            query?: {
                limit?: number;
                service?: string;
                since?: string;
                start?: number;
                until?: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            n: number;
                            t: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__tasks: {
        parameters: {
            query?: {
                errors?: 0 | 1 | true | false;
                limit?: number;
                since?: number;
                source?: "archive" | "active" | "all";
                start?: number;
                statusfilter?: string;
                typefilter?: string;
                until?: number;
                userfilter?: string;
                vmid?: number;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            endtime?: number;
                            id: string;
                            node: string;
                            pid: number;
                            pstart: number;
                            starttime: number;
                            status?: string;
                            tokenid?: string;
                            type: string;
                            upid: string;
                            user: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__tasks__upid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                upid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            name: string;
                            subdir: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_nodes__node__tasks__upid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                upid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__tasks__upid__log: {
        parameters: {
            query?: {
                download?: 0 | 1 | true | false;
                limit?: number;
                start?: number;
            };
            header?: never;
            path: {
                node: string;
                upid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            n: number;
                            t: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__tasks__upid__status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                upid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            exitstatus?: string;
                            id: string;
                            node: string;
                            pid: number;
                            pstart: number;
                            starttime: number;
                            status: string;
                            tokenid?: string;
                            type: string;
                            upid: string;
                            user: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_nodes__node__termproxy: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    cmd?: "ceph_install" | "login" | "upgrade";
                    "cmd-opts"?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    cmd?: "ceph_install" | "login" | "upgrade";
                    "cmd-opts"?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            port: number;
                            ticket: string;
                            upid: string;
                            user: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__time: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            localtime: number;
                            time: number;
                            timezone: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__version: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            release: string;
                            repoid: string;
                            version: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_nodes__node__vncwebsocket: {
        parameters: {
            query: {
                port: number;
                vncticket: string;
            };
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pleiad_events: {
        parameters: {
            query?: {
                epoch?: string;
                since?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pleiad_nodes__node__lxc__vmid__df: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            avail: number;
                            mp: string;
                            path: string;
                            size: number;
                            used: number;
                            volume: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__lxc__vmid__fsck: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    device?: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255";
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    device?: "rootfs" | "mp0" | "mp1" | "mp2" | "mp3" | "mp4" | "mp5" | "mp6" | "mp7" | "mp8" | "mp9" | "mp10" | "mp11" | "mp12" | "mp13" | "mp14" | "mp15" | "mp16" | "mp17" | "mp18" | "mp19" | "mp20" | "mp21" | "mp22" | "mp23" | "mp24" | "mp25" | "mp26" | "mp27" | "mp28" | "mp29" | "mp30" | "mp31" | "mp32" | "mp33" | "mp34" | "mp35" | "mp36" | "mp37" | "mp38" | "mp39" | "mp40" | "mp41" | "mp42" | "mp43" | "mp44" | "mp45" | "mp46" | "mp47" | "mp48" | "mp49" | "mp50" | "mp51" | "mp52" | "mp53" | "mp54" | "mp55" | "mp56" | "mp57" | "mp58" | "mp59" | "mp60" | "mp61" | "mp62" | "mp63" | "mp64" | "mp65" | "mp66" | "mp67" | "mp68" | "mp69" | "mp70" | "mp71" | "mp72" | "mp73" | "mp74" | "mp75" | "mp76" | "mp77" | "mp78" | "mp79" | "mp80" | "mp81" | "mp82" | "mp83" | "mp84" | "mp85" | "mp86" | "mp87" | "mp88" | "mp89" | "mp90" | "mp91" | "mp92" | "mp93" | "mp94" | "mp95" | "mp96" | "mp97" | "mp98" | "mp99" | "mp100" | "mp101" | "mp102" | "mp103" | "mp104" | "mp105" | "mp106" | "mp107" | "mp108" | "mp109" | "mp110" | "mp111" | "mp112" | "mp113" | "mp114" | "mp115" | "mp116" | "mp117" | "mp118" | "mp119" | "mp120" | "mp121" | "mp122" | "mp123" | "mp124" | "mp125" | "mp126" | "mp127" | "mp128" | "mp129" | "mp130" | "mp131" | "mp132" | "mp133" | "mp134" | "mp135" | "mp136" | "mp137" | "mp138" | "mp139" | "mp140" | "mp141" | "mp142" | "mp143" | "mp144" | "mp145" | "mp146" | "mp147" | "mp148" | "mp149" | "mp150" | "mp151" | "mp152" | "mp153" | "mp154" | "mp155" | "mp156" | "mp157" | "mp158" | "mp159" | "mp160" | "mp161" | "mp162" | "mp163" | "mp164" | "mp165" | "mp166" | "mp167" | "mp168" | "mp169" | "mp170" | "mp171" | "mp172" | "mp173" | "mp174" | "mp175" | "mp176" | "mp177" | "mp178" | "mp179" | "mp180" | "mp181" | "mp182" | "mp183" | "mp184" | "mp185" | "mp186" | "mp187" | "mp188" | "mp189" | "mp190" | "mp191" | "mp192" | "mp193" | "mp194" | "mp195" | "mp196" | "mp197" | "mp198" | "mp199" | "mp200" | "mp201" | "mp202" | "mp203" | "mp204" | "mp205" | "mp206" | "mp207" | "mp208" | "mp209" | "mp210" | "mp211" | "mp212" | "mp213" | "mp214" | "mp215" | "mp216" | "mp217" | "mp218" | "mp219" | "mp220" | "mp221" | "mp222" | "mp223" | "mp224" | "mp225" | "mp226" | "mp227" | "mp228" | "mp229" | "mp230" | "mp231" | "mp232" | "mp233" | "mp234" | "mp235" | "mp236" | "mp237" | "mp238" | "mp239" | "mp240" | "mp241" | "mp242" | "mp243" | "mp244" | "mp245" | "mp246" | "mp247" | "mp248" | "mp249" | "mp250" | "mp251" | "mp252" | "mp253" | "mp254" | "mp255";
                    /** @enum {integer|boolean} */
                    force?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__lxc__vmid__fstrim: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    "ignore-mountpoints"?: 0 | 1 | true | false;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    "ignore-mountpoints"?: 0 | 1 | true | false;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__lxc__vmid__mount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_pleiad_nodes__node__lxc__vmid__mount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__lxc__vmid__update_image: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    ostemplate: string;
                };
                "application/x-www-form-urlencoded": {
                    ostemplate: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__qemu__vmid__import_appliance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    dryrun?: 0 | 1 | true | false;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    source: string;
                    storage: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    dryrun?: 0 | 1 | true | false;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    source: string;
                    storage: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__qemu__vmid__import_disk: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    source: string;
                    storage: string;
                    /** @enum {string} */
                    "target-disk"?: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0";
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "vmdk";
                    source: string;
                    storage: string;
                    /** @enum {string} */
                    "target-disk"?: "ide0" | "ide1" | "ide2" | "ide3" | "scsi0" | "scsi1" | "scsi2" | "scsi3" | "scsi4" | "scsi5" | "scsi6" | "scsi7" | "scsi8" | "scsi9" | "scsi10" | "scsi11" | "scsi12" | "scsi13" | "scsi14" | "scsi15" | "scsi16" | "scsi17" | "scsi18" | "scsi19" | "scsi20" | "scsi21" | "scsi22" | "scsi23" | "scsi24" | "scsi25" | "scsi26" | "scsi27" | "scsi28" | "scsi29" | "scsi30" | "virtio0" | "virtio1" | "virtio2" | "virtio3" | "virtio4" | "virtio5" | "virtio6" | "virtio7" | "virtio8" | "virtio9" | "virtio10" | "virtio11" | "virtio12" | "virtio13" | "virtio14" | "virtio15" | "sata0" | "sata1" | "sata2" | "sata3" | "sata4" | "sata5" | "efidisk0" | "tpmstate0";
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pleiad_nodes__node__qemu__vmid__log: {
        parameters: {
            query?: {
                age?: number;
                limit?: number;
                start?: number;
            };
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            n: number;
                            t: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pleiad_nodes__node__qemu__vmid__screenshot: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pleiad_nodes__node__qemu__vmid__user_data: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            "user-data"?: string;
                            volume?: string;
                            warnings: string[];
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_pleiad_nodes__node__qemu__vmid__user_data: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    storage?: string;
                    "user-data": string;
                };
                "application/x-www-form-urlencoded": {
                    storage?: string;
                    "user-data": string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            warnings: string[];
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_pleiad_nodes__node__qemu__vmid__user_data: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
                vmid: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__rescan: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    dryrun?: 0 | 1 | true | false;
                    vmid?: number;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    dryrun?: 0 | 1 | true | false;
                    vmid?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pleiad_nodes__node__rescan_volumes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                node: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    dryrun?: 0 | 1 | true | false;
                    vmid?: number;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    dryrun?: 0 | 1 | true | false;
                    vmid?: number;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: string;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pleiad_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            cap: Record<string, unknown>;
                            CSRFPreventionToken: string;
                            username: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_pleiad_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_pleiad_sessions: {
        parameters: {
            query?: {
                "keep-this"?: 0 | 1 | true | false;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_pleiad_sessions__userid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pools: {
        parameters: {
            query?: {
                poolid?: string;
                type?: "qemu" | "lxc" | "storage";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            members?: {
                                id: string;
                                node: string;
                                storage?: string;
                                type: string;
                                vmid?: number;
                            }[];
                            poolid: string;
                        }[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_pools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    "allow-move"?: 0 | 1 | true | false;
                    comment?: string;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    poolid: string;
                    storage?: string;
                    vms?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    "allow-move"?: 0 | 1 | true | false;
                    comment?: string;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    poolid: string;
                    storage?: string;
                    vms?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_pools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    comment?: string;
                    poolid: string;
                };
                "application/x-www-form-urlencoded": {
                    comment?: string;
                    poolid: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_pools: {
        parameters: {
            query: {
                poolid: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_pools__poolid_: {
        parameters: {
            query?: {
                type?: "qemu" | "lxc" | "storage";
            };
            header?: never;
            path: {
                poolid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            comment?: string;
                            members: {
                                id: string;
                                node: string;
                                storage?: string;
                                type: string;
                                vmid?: number;
                            }[];
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_pools__poolid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                poolid: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /** @enum {integer|boolean} */
                    "allow-move"?: 0 | 1 | true | false;
                    comment?: string;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    storage?: string;
                    vms?: string;
                };
                "application/x-www-form-urlencoded": {
                    /** @enum {integer|boolean} */
                    "allow-move"?: 0 | 1 | true | false;
                    comment?: string;
                    /** @enum {integer|boolean} */
                    delete?: 0 | 1 | true | false;
                    storage?: string;
                    vms?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_pools__poolid_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                poolid: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_storage: {
        parameters: {
            query?: {
                type?: "btrfs" | "cephfs" | "cifs" | "dir" | "esxi" | "iscsi" | "iscsidirect" | "lvm" | "lvmthin" | "nfs" | "pbs" | "rbd" | "zfs" | "zfspool";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>[];
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    post_storage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    authsupported?: string;
                    base?: string;
                    blocksize?: string;
                    bwlimit?: string;
                    comstar_hg?: string;
                    comstar_tg?: string;
                    content?: string;
                    "content-dirs"?: string;
                    /** @enum {integer|boolean} */
                    "create-base-path"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "create-subdirs"?: 0 | 1 | true | false;
                    "data-pool"?: string;
                    datastore?: string;
                    /** @enum {integer|boolean} */
                    disable?: 0 | 1 | true | false;
                    domain?: string;
                    "encryption-key"?: string;
                    export?: string;
                    fingerprint?: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "subvol" | "vmdk";
                    "fs-name"?: string;
                    /** @enum {integer|boolean} */
                    fuse?: 0 | 1 | true | false;
                    is_mountpoint?: string;
                    iscsiprovider?: string;
                    keyring?: string;
                    /** @enum {integer|boolean} */
                    krbd?: 0 | 1 | true | false;
                    lio_tpg?: string;
                    "master-pubkey"?: string;
                    "max-protected-backups"?: number;
                    /** @enum {integer|boolean} */
                    mkdir?: 0 | 1 | true | false;
                    monhost?: string;
                    mountpoint?: string;
                    namespace?: string;
                    /** @enum {integer|boolean} */
                    nocow?: 0 | 1 | true | false;
                    nodes?: string;
                    /** @enum {integer|boolean} */
                    nowritecache?: 0 | 1 | true | false;
                    options?: string;
                    password?: string;
                    path?: string;
                    pool?: string;
                    port?: number;
                    portal?: string;
                    /** @enum {string} */
                    preallocation?: "off" | "metadata" | "falloc" | "full";
                    "prune-backups"?: string;
                    /** @enum {integer|boolean} */
                    saferemove?: 0 | 1 | true | false;
                    saferemove_throughput?: string;
                    "saferemove-stepsize"?: number;
                    server?: string;
                    share?: string;
                    /** @enum {integer|boolean} */
                    shared?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "skip-cert-verification"?: 0 | 1 | true | false;
                    /** @enum {string} */
                    smbversion?: "default" | "2.0" | "2.1" | "3" | "3.0" | "3.11";
                    /** @enum {integer|boolean} */
                    "snapshot-as-volume-chain"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    sparse?: 0 | 1 | true | false;
                    storage: string;
                    subdir?: string;
                    /** @enum {integer|boolean} */
                    tagged_only?: 0 | 1 | true | false;
                    target?: string;
                    thinpool?: string;
                    /** @enum {string} */
                    type: "btrfs" | "cephfs" | "cifs" | "dir" | "esxi" | "iscsi" | "iscsidirect" | "lvm" | "lvmthin" | "nfs" | "pbs" | "rbd" | "zfs" | "zfspool";
                    username?: string;
                    vgname?: string;
                    "zfs-base-path"?: string;
                };
                "application/x-www-form-urlencoded": {
                    authsupported?: string;
                    base?: string;
                    blocksize?: string;
                    bwlimit?: string;
                    comstar_hg?: string;
                    comstar_tg?: string;
                    content?: string;
                    "content-dirs"?: string;
                    /** @enum {integer|boolean} */
                    "create-base-path"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "create-subdirs"?: 0 | 1 | true | false;
                    "data-pool"?: string;
                    datastore?: string;
                    /** @enum {integer|boolean} */
                    disable?: 0 | 1 | true | false;
                    domain?: string;
                    "encryption-key"?: string;
                    export?: string;
                    fingerprint?: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "subvol" | "vmdk";
                    "fs-name"?: string;
                    /** @enum {integer|boolean} */
                    fuse?: 0 | 1 | true | false;
                    is_mountpoint?: string;
                    iscsiprovider?: string;
                    keyring?: string;
                    /** @enum {integer|boolean} */
                    krbd?: 0 | 1 | true | false;
                    lio_tpg?: string;
                    "master-pubkey"?: string;
                    "max-protected-backups"?: number;
                    /** @enum {integer|boolean} */
                    mkdir?: 0 | 1 | true | false;
                    monhost?: string;
                    mountpoint?: string;
                    namespace?: string;
                    /** @enum {integer|boolean} */
                    nocow?: 0 | 1 | true | false;
                    nodes?: string;
                    /** @enum {integer|boolean} */
                    nowritecache?: 0 | 1 | true | false;
                    options?: string;
                    password?: string;
                    path?: string;
                    pool?: string;
                    port?: number;
                    portal?: string;
                    /** @enum {string} */
                    preallocation?: "off" | "metadata" | "falloc" | "full";
                    "prune-backups"?: string;
                    /** @enum {integer|boolean} */
                    saferemove?: 0 | 1 | true | false;
                    saferemove_throughput?: string;
                    "saferemove-stepsize"?: number;
                    server?: string;
                    share?: string;
                    /** @enum {integer|boolean} */
                    shared?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "skip-cert-verification"?: 0 | 1 | true | false;
                    /** @enum {string} */
                    smbversion?: "default" | "2.0" | "2.1" | "3" | "3.0" | "3.11";
                    /** @enum {integer|boolean} */
                    "snapshot-as-volume-chain"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    sparse?: 0 | 1 | true | false;
                    storage: string;
                    subdir?: string;
                    /** @enum {integer|boolean} */
                    tagged_only?: 0 | 1 | true | false;
                    target?: string;
                    thinpool?: string;
                    /** @enum {string} */
                    type: "btrfs" | "cephfs" | "cifs" | "dir" | "esxi" | "iscsi" | "iscsidirect" | "lvm" | "lvmthin" | "nfs" | "pbs" | "rbd" | "zfs" | "zfspool";
                    username?: string;
                    vgname?: string;
                    "zfs-base-path"?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            storage: string;
                            type: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_storage__storage_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: Record<string, unknown>;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    put_storage__storage_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    blocksize?: string;
                    bwlimit?: string;
                    comstar_hg?: string;
                    comstar_tg?: string;
                    content?: string;
                    "content-dirs"?: string;
                    /** @enum {integer|boolean} */
                    "create-base-path"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "create-subdirs"?: 0 | 1 | true | false;
                    "data-pool"?: string;
                    delete?: string;
                    digest?: string;
                    /** @enum {integer|boolean} */
                    disable?: 0 | 1 | true | false;
                    domain?: string;
                    "encryption-key"?: string;
                    fingerprint?: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "subvol" | "vmdk";
                    "fs-name"?: string;
                    /** @enum {integer|boolean} */
                    fuse?: 0 | 1 | true | false;
                    is_mountpoint?: string;
                    keyring?: string;
                    /** @enum {integer|boolean} */
                    krbd?: 0 | 1 | true | false;
                    lio_tpg?: string;
                    "master-pubkey"?: string;
                    "max-protected-backups"?: number;
                    /** @enum {integer|boolean} */
                    mkdir?: 0 | 1 | true | false;
                    monhost?: string;
                    mountpoint?: string;
                    namespace?: string;
                    /** @enum {integer|boolean} */
                    nocow?: 0 | 1 | true | false;
                    nodes?: string;
                    /** @enum {integer|boolean} */
                    nowritecache?: 0 | 1 | true | false;
                    options?: string;
                    password?: string;
                    pool?: string;
                    port?: number;
                    /** @enum {string} */
                    preallocation?: "off" | "metadata" | "falloc" | "full";
                    "prune-backups"?: string;
                    /** @enum {integer|boolean} */
                    saferemove?: 0 | 1 | true | false;
                    saferemove_throughput?: string;
                    "saferemove-stepsize"?: number;
                    server?: string;
                    /** @enum {integer|boolean} */
                    shared?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "skip-cert-verification"?: 0 | 1 | true | false;
                    /** @enum {string} */
                    smbversion?: "default" | "2.0" | "2.1" | "3" | "3.0" | "3.11";
                    /** @enum {integer|boolean} */
                    "snapshot-as-volume-chain"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    sparse?: 0 | 1 | true | false;
                    subdir?: string;
                    /** @enum {integer|boolean} */
                    tagged_only?: 0 | 1 | true | false;
                    username?: string;
                    "zfs-base-path"?: string;
                };
                "application/x-www-form-urlencoded": {
                    blocksize?: string;
                    bwlimit?: string;
                    comstar_hg?: string;
                    comstar_tg?: string;
                    content?: string;
                    "content-dirs"?: string;
                    /** @enum {integer|boolean} */
                    "create-base-path"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "create-subdirs"?: 0 | 1 | true | false;
                    "data-pool"?: string;
                    delete?: string;
                    digest?: string;
                    /** @enum {integer|boolean} */
                    disable?: 0 | 1 | true | false;
                    domain?: string;
                    "encryption-key"?: string;
                    fingerprint?: string;
                    /** @enum {string} */
                    format?: "raw" | "qcow2" | "subvol" | "vmdk";
                    "fs-name"?: string;
                    /** @enum {integer|boolean} */
                    fuse?: 0 | 1 | true | false;
                    is_mountpoint?: string;
                    keyring?: string;
                    /** @enum {integer|boolean} */
                    krbd?: 0 | 1 | true | false;
                    lio_tpg?: string;
                    "master-pubkey"?: string;
                    "max-protected-backups"?: number;
                    /** @enum {integer|boolean} */
                    mkdir?: 0 | 1 | true | false;
                    monhost?: string;
                    mountpoint?: string;
                    namespace?: string;
                    /** @enum {integer|boolean} */
                    nocow?: 0 | 1 | true | false;
                    nodes?: string;
                    /** @enum {integer|boolean} */
                    nowritecache?: 0 | 1 | true | false;
                    options?: string;
                    password?: string;
                    pool?: string;
                    port?: number;
                    /** @enum {string} */
                    preallocation?: "off" | "metadata" | "falloc" | "full";
                    "prune-backups"?: string;
                    /** @enum {integer|boolean} */
                    saferemove?: 0 | 1 | true | false;
                    saferemove_throughput?: string;
                    "saferemove-stepsize"?: number;
                    server?: string;
                    /** @enum {integer|boolean} */
                    shared?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    "skip-cert-verification"?: 0 | 1 | true | false;
                    /** @enum {string} */
                    smbversion?: "default" | "2.0" | "2.1" | "3" | "3.0" | "3.11";
                    /** @enum {integer|boolean} */
                    "snapshot-as-volume-chain"?: 0 | 1 | true | false;
                    /** @enum {integer|boolean} */
                    sparse?: 0 | 1 | true | false;
                    subdir?: string;
                    /** @enum {integer|boolean} */
                    tagged_only?: 0 | 1 | true | false;
                    username?: string;
                    "zfs-base-path"?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            storage: string;
                            type: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    delete_storage__storage_: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                storage: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: null;
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    get_version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            release: string;
                            repoid: string;
                            version: string;
                        };
                    };
                };
            };
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
