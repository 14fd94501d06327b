/** What a reader can start from: one text a format, each with something to find. */
export interface Example {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly text: string;
}

const libvirt = `<domain type='kvm'>
  <name>web</name>
  <memory unit='GB'>2</memory>
  <currentMemory unit='MiB'>512</currentMemory>
  <memtune>
    <hard_limit unit='MiB'>512</hard_limit>
  </memtune>
  <vcpu>2</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <devices>
    <memballoon model='virtio' autodeflate='on'/>
  </devices>
</domain>
`;

const xl = `name = "db"
type = "pv"
memory = 256
maxmem = 4096
vcpus = 2
`;

const vmx = `config.version = "8"
virtualHW.version = "19"
displayName = "erp"
guestOS = "other-64"
memSize = "16384"
sched.mem.max = "2048"
sched.mem.minSize = "0"
sched.mem.shares = "normal"
`;

const qemu = `qemu-system-x86_64 -name guest=build -machine q35,accel=kvm \\
  -m 4G,slots=2,maxmem=8G \\
  -object memory-backend-file,id=m0,size=1G,mem-path=/dev/hugepages \\
  -device pc-dimm,memdev=m0 \\
  -device virtio-balloon-pci,free-page-reporting=on
`;

const dommemstat = `actual 524288
swap_in 0
swap_out 0
major_fault 312
minor_fault 190321
unused 310220
available 468416
usable 401204
last_update 1790000000
rss 1203420
`;

export const examples: readonly Example[] = [
  {id: "libvirt", title: "libvirt XML", name: "web.xml", text: libvirt},
  {id: "xl", title: "xl.cfg", name: "db.cfg", text: xl},
  {id: "vmx", title: "VMX", name: "erp.vmx", text: vmx},
  {id: "qemu", title: "QEMU command line", name: "build.args", text: qemu},
  {id: "dommemstat", title: "virsh dommemstat", name: "dommemstat.txt", text: dommemstat}
];
