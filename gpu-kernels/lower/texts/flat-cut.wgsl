fn event(e: u32) {
  let v1 = read_0(e);
  var v2 = 1u;
  loop {
    let v3 = read_1(e);
    let v4 = single_gt(v3, 0u);
    if (doubt || !v4) { break; }
    v2 = 2u;
    {
      let v5 = bin_0_0(v3);
      fill_0(v5);
    }
    break;
  }
  commit(v2, false, v1);
}
