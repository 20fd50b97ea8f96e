fn event(e: u32) {
  var v1 = 1u;
  loop {
    let v2 = read_0(e);
    let v3 = (v2 != constants[0u]);
    if (doubt || !v3) { break; }
    v1 = 2u;
    {
      let v4 = bin_0_0(v2);
      fill_0(v4);
    }
    break;
  }
  commit(v1, false);
}
