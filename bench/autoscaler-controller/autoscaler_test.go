// Plays the HorizontalPodAutoscaler's own controller, in time that only exists in this process, against pods that start late.
package autoscaler

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	autoscalingv1 "k8s.io/api/autoscaling/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	scalefake "k8s.io/client-go/scale/fake"
	clienttesting "k8s.io/client-go/testing"
	"k8s.io/kubernetes/pkg/controller"
	"k8s.io/kubernetes/pkg/controller/podautoscaler"
	"k8s.io/kubernetes/pkg/controller/podautoscaler/metrics"
)

const sync15 = 15 * time.Second

type scenario struct {
	Name    string    `json:"name"`
	Metric  string    `json:"metric"` // use: a share of the CPU that is requested; requests: per second and pod
	Target  float64   `json:"target"`
	Minimum int32     `json:"minimum"`
	Maximum int32     `json:"maximum"`
	StartUp int       `json:"startUp"` // s
	Loads   []float64 `json:"loads"`   // each 15 s: pods' worth of CPU, or requests a second
	Pods    []int32   `json:"pods"`    // each 15 s, after the decision
	// As an API server stores it; left out: as --as hpa writes it. Bare: none at all.
	Behavior *autoscaling.HorizontalPodAutoscalerBehavior `json:"behavior,omitempty"`
	Bare     bool                                         `json:"bare,omitempty"`
}

type world struct {
	sync.Mutex
	scenario
	begun   time.Time
	client  *fake.Clientset
	wanted  int32
	made    int
	pods    []*core.Pod
	readyAt map[string]time.Time
	load    float64
}

func (w *world) add(seconds int) {
	w.made++
	name := fmt.Sprintf("web-%04d", w.made)
	now := time.Now()
	ready := core.PodCondition{Type: core.PodReady, Status: core.ConditionFalse, LastTransitionTime: metav1.NewTime(now)}
	start := metav1.NewTime(now)
	pod := &core.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: "shop", Labels: map[string]string{"app": "web"}, CreationTimestamp: start},
		Spec:       core.PodSpec{Containers: []core.Container{{Name: "web", Resources: core.ResourceRequirements{Requests: core.ResourceList{core.ResourceCPU: resource.MustParse("1")}}}}},
		Status:     core.PodStatus{Phase: core.PodRunning, StartTime: &start, Conditions: []core.PodCondition{ready}},
	}
	w.readyAt[name] = now.Add(time.Duration(seconds) * time.Second)
	w.pods = append(w.pods, pod)
	if _, err := w.client.CoreV1().Pods("shop").Create(context.Background(), pod, metav1.CreateOptions{}); err != nil {
		panic(err)
	}
}

// settle makes as many pods as are wanted, and those ready whose time has come. The youngest go first.
func (w *world) settle() {
	for int32(len(w.pods)) < w.wanted {
		w.add(w.StartUp)
	}
	for int32(len(w.pods)) > w.wanted {
		last := w.pods[len(w.pods)-1]
		w.pods = w.pods[:len(w.pods)-1]
		if err := w.client.CoreV1().Pods("shop").Delete(context.Background(), last.Name, metav1.DeleteOptions{}); err != nil {
			panic(err)
		}
	}
	for i, pod := range w.pods {
		if pod.Status.Conditions[0].Status == core.ConditionFalse && !w.readyAt[pod.Name].After(time.Now()) {
			next := pod.DeepCopy()
			next.Status.Conditions[0].Status = core.ConditionTrue
			next.Status.Conditions[0].LastTransitionTime = metav1.NewTime(w.readyAt[pod.Name])
			w.pods[i] = next
			if _, err := w.client.CoreV1().Pods("shop").Update(context.Background(), next, metav1.UpdateOptions{}); err != nil {
				panic(err)
			}
		}
	}
}

func (w *world) ready() int {
	count := 0
	for _, pod := range w.pods {
		if pod.Status.Conditions[0].Status == core.ConditionTrue {
			count++
		}
	}
	return count
}

// measured: the mean over the last 15 s, as a thousandth; pods that are not ready do nothing.
func (w *world) measured() metrics.PodMetricsInfo {
	w.Lock()
	defer w.Unlock()
	each := w.load / float64(w.ready())
	if w.Metric == "use" {
		each = math.Min(1, each)
	}
	info := metrics.PodMetricsInfo{}
	for _, pod := range w.pods {
		value := int64(0)
		if pod.Status.Conditions[0].Status == core.ConditionTrue {
			value = int64(math.Floor(each*1000 + 1e-6))
		}
		info[pod.Name] = metrics.PodMetric{Timestamp: time.Now(), Window: sync15, Value: value}
	}
	return info
}

func (w *world) GetResourceMetric(context.Context, core.ResourceName, string, labels.Selector, string) (metrics.PodMetricsInfo, time.Time, error) {
	return w.measured(), time.Now(), nil
}
func (w *world) GetRawMetric(string, string, labels.Selector, labels.Selector) (metrics.PodMetricsInfo, time.Time, error) {
	return w.measured(), time.Now(), nil
}
func (w *world) GetObjectMetric(string, string, *autoscaling.CrossVersionObjectReference, labels.Selector) (int64, time.Time, error) {
	panic("not used")
}
func (w *world) GetExternalMetric(string, string, labels.Selector) ([]int64, time.Time, error) {
	panic("not used")
}

func (w *world) behavior() *autoscaling.HorizontalPodAutoscalerBehavior {
	if w.Bare || w.Behavior != nil {
		return w.Behavior
	}
	most, out, in, whole := autoscaling.MaxChangePolicySelect, int32(0), int32(300), int32(100)
	// With what an API server adds.
	return &autoscaling.HorizontalPodAutoscalerBehavior{
		ScaleUp: &autoscaling.HPAScalingRules{StabilizationWindowSeconds: &out, SelectPolicy: &most, Policies: []autoscaling.HPAScalingPolicy{
			{Type: autoscaling.PercentScalingPolicy, Value: 100, PeriodSeconds: 15}, {Type: autoscaling.PodsScalingPolicy, Value: 4, PeriodSeconds: 15}}},
		ScaleDown: &autoscaling.HPAScalingRules{StabilizationWindowSeconds: &in, SelectPolicy: &most, Policies: []autoscaling.HPAScalingPolicy{
			{Type: autoscaling.PercentScalingPolicy, Value: whole, PeriodSeconds: 15}}},
	}
}

func (w *world) autoscaler() *autoscaling.HorizontalPodAutoscaler {
	spec := autoscaling.MetricSpec{Type: autoscaling.ResourceMetricSourceType}
	if w.Metric == "use" {
		utilisation := int32(math.Round(w.Target * 100))
		spec.Resource = &autoscaling.ResourceMetricSource{Name: core.ResourceCPU, Target: autoscaling.MetricTarget{Type: autoscaling.UtilizationMetricType, AverageUtilization: &utilisation}}
	} else {
		spec.Type = autoscaling.PodsMetricSourceType
		value := resource.NewMilliQuantity(int64(math.Round(w.Target*1000)), resource.DecimalSI)
		spec.Pods = &autoscaling.PodsMetricSource{Metric: autoscaling.MetricIdentifier{Name: "http_requests_per_second"}, Target: autoscaling.MetricTarget{Type: autoscaling.AverageValueMetricType, AverageValue: value}}
	}
	return &autoscaling.HorizontalPodAutoscaler{
		ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop"},
		Spec: autoscaling.HorizontalPodAutoscalerSpec{
			ScaleTargetRef: autoscaling.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: "Deployment", Name: "web"},
			MinReplicas:    &w.Minimum,
			MaxReplicas:    w.Maximum,
			Metrics:        []autoscaling.MetricSpec{spec},
			Behavior:       w.behavior(),
		},
	}
}

func (w *world) play() {
	ctx, cancel := context.WithCancel(context.Background())
	w.begun, w.readyAt, w.wanted, w.load = time.Now(), map[string]time.Time{}, w.Minimum, w.Loads[0]
	w.client = fake.NewSimpleClientset(w.autoscaler())
	// They have been there for an hour.
	for int32(len(w.pods)) < w.Minimum {
		w.add(0)
		pod := w.pods[len(w.pods)-1]
		old := metav1.NewTime(time.Now().Add(-time.Hour))
		pod.Status.StartTime = &old
		pod.Status.Conditions[0].LastTransitionTime = old
		pod.Status.Conditions[0].Status = core.ConditionTrue
		if _, err := w.client.CoreV1().Pods("shop").Update(ctx, pod, metav1.UpdateOptions{}); err != nil {
			panic(err)
		}
	}
	scales := &scalefake.FakeScaleClient{}
	told := func() *autoscalingv1.Scale {
		return &autoscalingv1.Scale{
			ObjectMeta: metav1.ObjectMeta{Name: "web", Namespace: "shop"},
			Spec:       autoscalingv1.ScaleSpec{Replicas: w.wanted},
			Status:     autoscalingv1.ScaleStatus{Replicas: int32(len(w.pods)), Selector: "app=web"},
		}
	}
	scales.AddReactor("get", "deployments", func(clienttesting.Action) (bool, runtime.Object, error) {
		w.Lock()
		defer w.Unlock()
		return true, told(), nil
	})
	scales.AddReactor("update", "deployments", func(action clienttesting.Action) (bool, runtime.Object, error) {
		w.Lock()
		defer w.Unlock()
		w.wanted = action.(clienttesting.UpdateAction).GetObject().(*autoscalingv1.Scale).Spec.Replicas
		return true, told(), nil
	})
	mapper := meta.NewDefaultRESTMapper([]schema.GroupVersion{{Group: "apps", Version: "v1"}})
	mapper.Add(schema.GroupVersionKind{Group: "apps", Version: "v1", Kind: "Deployment"}, meta.RESTScopeNamespace)
	factory := informers.NewSharedInformerFactory(w.client, controller.NoResyncPeriodFunc())
	autoscaler := podautoscaler.NewHorizontalController(ctx, w.client.CoreV1(), scales, w.client.AutoscalingV2(), mapper, w,
		factory.Autoscaling().V2().HorizontalPodAutoscalers(), factory.Core().V1().Pods(), sync15, 5*time.Minute, 0.1, 5*time.Minute, 30*time.Second)
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	go autoscaler.Run(ctx, 1)
	until := func(since time.Duration) { time.Sleep(time.Until(w.begun.Add(since))) }
	for i, load := range w.Loads {
		look := time.Duration(i+1) * sync15
		until(look - time.Millisecond)
		w.Lock()
		w.load = load
		w.settle()
		w.Unlock()
		synctest.Wait()
		until(look + time.Millisecond)
		synctest.Wait()
		w.Lock()
		w.Pods = append(w.Pods, w.wanted)
		w.settle()
		w.Unlock()
	}
	cancel()
	factory.Shutdown()
	time.Sleep(time.Minute)
}

func TestPlay(t *testing.T) {
	var scenarios []scenario
	text, err := os.ReadFile(os.Getenv("LOADS"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &scenarios); err != nil {
		t.Fatal(err)
	}
	for i := range scenarios {
		synctest.Test(t, func(*testing.T) {
			w := &world{scenario: scenarios[i]}
			w.play()
			scenarios[i] = w.scenario
		})
	}
	out, _ := json.Marshal(scenarios)
	if err := os.WriteFile(os.Getenv("PLAYED"), out, 0o644); err != nil {
		t.Fatal(err)
	}
}
