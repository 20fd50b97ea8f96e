fn event(e: u32) {
  var v1 = 1u;
  loop {
    let v2 = read_0(e);
    let v3 = read_0(e + 1u) - v2;
    {
      var v4 = Num();
      for (var v5 = 0u; v5 < v3; v5++) {
        let v6 = read_1(v2 + v5);
        let v7 = single_gt(v6, 0u);
        var v8 = v7;
        if (v7) {
          let v9 = read_2(v2 + v5);
          let v10 = abs(v9);
          let v11 = single_lt(v10, 2u);
          v8 = v11;
        }
        if (v8) {
          let v12 = read_1(v2 + v5);
          v4 = num_add(v4, load_f32(bitcast<u32>(v12)));
        }
      }
      let v13 = bin_0_0(v4);
      fill_0(v13);
    }
    break;
  }
  commit(v1, false);
}
