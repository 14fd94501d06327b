/** Small configurations of our own, one a format, that use most of what is read. */
export const libvirtXml = `<domain type='kvm'>
  <name>web</name>
  <maxMemory slots='4' unit='GiB'>16</maxMemory>
  <memory unit='MiB'>3072</memory>
  <currentMemory unit='MiB'>1024</currentMemory>
  <memtune><hard_limit unit='GiB'>4</hard_limit><soft_limit unit='GiB'>1</soft_limit><swap_hard_limit unit='GiB'>5</swap_hard_limit></memtune>
  <memoryBacking><hugepages><page size='2' unit='M'/></hugepages><locked/></memoryBacking>
  <vcpu>2</vcpu>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu><numa><cell id='0' cpus='0-1' memory='2' unit='GiB'/></numa></cpu>
  <devices>
    <memballoon model='virtio' autodeflate='on' freePageReporting='on'><stats period='5'/></memballoon>
    <memory model='dimm'><target><size unit='MiB'>512</size><node>0</node></target></memory>
    <memory model='virtio-mem'><target><size unit='MiB'>512</size><node>0</node><block unit='MiB'>2</block><requested unit='MiB'>256</requested></target></memory>
    <hostdev mode='subsystem' type='pci'/>
  </devices>
</domain>`;

export const xlCfg = `# a guest
name = "db"
type = "pvh"
memory = 512
maxmem = 2048
vcpus = 2
pci = [ "01:00.0" ]
disk = [ 'phy:/dev/vg/db,xvda,w',
         'file:/x.iso,hdc:cdrom,r' ]
`;

export const vmx = `.encoding = "UTF-8"
config.version = "8"
virtualHW.version = "19"
displayName = "erp"
guestOS = "windows9-64"
memSize = "4096"
sched.mem.max = "2048"
sched.mem.min = "3072"
sched.mem.minSize = "1024"
sched.mem.pin = "TRUE"
sched.mem.maxmemctl = "0"
sched.mem.shares = "normal"
sched.mem.pshare.salt = "x"
numvcpus = "2"
`;

export const qemuArgv = `LC_ALL=C \\
/usr/bin/qemu-system-x86_64 \\
-name guest=build,debug-threads=on \\
-machine q35,accel=kvm \\
-m size=2097152k,slots=2,maxmem=8388608k \\
-object '{"qom-type":"memory-backend-ram","id":"ram-node0","size":2147483648}' \\
-numa node,nodeid=0,cpus=0-1,memdev=ram-node0 \\
-object memory-backend-file,id=m0,size=512M,mem-path=/dev/hugepages,share=on,prealloc=on \\
-device pc-dimm,memdev=m0,node=0 \\
-device '{"driver":"virtio-balloon-pci","deflate-on-oom":true}' \\
-device vfio-pci,host=0000:01:00.0
`;

export const dommemstat = "actual 524288\nswap_in 0\nswap_out 12\nmajor_fault 5\nminor_fault 6\nunused 300000\navailable 490000\nusable 400000\nlast_update 0\nrss 700000\n";
export const dominfo = "Id:             1\nName:           web\nState:          running\nCPU(s):         1\nMax memory:     1048576 KiB\nUsed memory:    524288 KiB\n";
export const free = "               total        used        free      shared  buff/cache   available\nMem:         2024428      120000      100000        1000     1800000     1750000\nSwap:        1000000       50000      950000\n";
export const meminfo = "MemTotal:        2024428 kB\nMemFree:          100000 kB\nMemAvailable:    1750000 kB\nSwapTotal:       1000000 kB\nSwapFree:         950000 kB\nHugePages_Total:      10\n";
export const xlList = "Name                                        ID   Mem VCPUs\tState\tTime(s)\nDomain-0                                     0  1024     2     r-----      10.0\ndb                                           1   512     1     -b----       1.5\n";
export const cgroup = "memory.current 1000000000\nmemory.high 800000000\nmemory.low 5000000\nmemory.max 1073741824\nmemory.swap.max max\n";

export const configs = {libvirt: libvirtXml, xl: xlCfg, vmx, qemu: qemuArgv} as const;
export const outputs = {dommemstat, dominfo, free, meminfo, "xl-list": xlList, cgroup} as const;
export const everything: readonly string[] = [...Object.values(configs), ...Object.values(outputs)];
